import { z } from 'zod';
import { StudioError } from './errors.ts';

export const PLAN_STATES = [
  'planned',
  'selected',
  'downloading',
  'inspecting',
  'normalising',
  'ready',
  'on_air',
  'played',
  'rejected',
  'failed',
  'expired',
] as const;
export const planStateSchema = z.enum(PLAN_STATES);
export type PlanState = z.infer<typeof planStateSchema>;

/**
 * Every allowed step of a plan. `selected → inspecting` skips the download of a local file; `played → on_air` is a repeat;
 * `rejected` and `failed` go back to `selected` when the operator retries or the file changes; `expired` goes back to `planned` when the source is seen again.
 */
export const PLAN_EDGES: Readonly<Record<PlanState, readonly PlanState[]>> = {
  planned: ['selected', 'rejected', 'expired'],
  selected: ['downloading', 'inspecting', 'rejected', 'failed', 'expired', 'planned'],
  downloading: ['inspecting', 'rejected', 'failed', 'expired', 'selected'],
  inspecting: ['normalising', 'ready', 'rejected', 'failed', 'expired', 'selected'],
  normalising: ['ready', 'rejected', 'failed', 'expired', 'selected'],
  ready: ['on_air', 'rejected', 'failed', 'expired', 'selected'],
  on_air: ['played', 'ready', 'failed'],
  played: ['on_air', 'ready', 'expired', 'failed', 'selected'],
  rejected: ['selected', 'expired', 'ready'],
  failed: ['selected', 'expired'],
  expired: ['planned'],
};

/** The next state, or a `CONFLICT` error that names both states. Staying in the same state is allowed (idempotent commands). */
export function transitionPlan(from: PlanState, to: PlanState): PlanState {
  if (from === to || PLAN_EDGES[from].includes(to)) return to;
  throw new StudioError('CONFLICT', `a plan cannot go from ${from} to ${to}`, { detail: { from, to } });
}
