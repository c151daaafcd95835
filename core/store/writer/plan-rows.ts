import type { Database } from 'better-sqlite3';
import { StudioError } from '../../contract/errors.ts';
import type { PlanReason } from '../../contract/plan.ts';
import { PLAN_EDGES, type PlanState, planStateSchema, transitionPlan } from '../../contract/plan-state.ts';
import { perDatabase } from '../per-database.ts';

const statements = perDatabase((db) => ({
  state: db.prepare<[string], { state: string }>('SELECT state FROM plans WHERE id = ?'),
  move: db.prepare<[string, string | null, string | null, number, string]>(
    'UPDATE plans SET state = ?, reason = ?, content_hash = coalesce(?, content_hash), updated_at_ms = ? WHERE id = ?',
  ),
}));

/** @throws StudioError `NOT_FOUND` */
export function planState(db: Database, planId: string): PlanState {
  const row = statements(db).state.get(planId);
  if (row === undefined) throw new StudioError('NOT_FOUND', `there is no plan ${planId}`, { detail: { planId } });
  return planStateSchema.parse(row.state);
}

/** Takes a plan along one edge of the state machine. A reason is kept only in the states that have one. */
export function movePlan(
  db: Database,
  planId: string,
  to: PlanState,
  atMs: number,
  options: { reason?: PlanReason | null; contentHash?: string | null } = {},
): void {
  transitionPlan(planState(db, planId), to);
  const reason = to === 'rejected' || to === 'failed' || to === 'expired' ? (options.reason ?? null) : null;
  statements(db).move.run(
    to,
    reason === null ? null : JSON.stringify(reason),
    options.contentHash ?? null,
    atMs,
    planId,
  );
}

/** As `movePlan`, but leaves the plan alone when it is missing or the edge does not exist: for facts that have already happened. */
export function followPlan(
  db: Database,
  planId: string,
  to: PlanState,
  atMs: number,
  reason: PlanReason | null = null,
): boolean {
  const row = statements(db).state.get(planId);
  if (row === undefined || !PLAN_EDGES[planStateSchema.parse(row.state)].includes(to)) return false;
  movePlan(db, planId, to, atMs, { reason });
  return true;
}
