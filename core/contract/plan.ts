import { z } from 'zod';
import { planStateSchema } from './plan-state.ts';

/** Why a plan is rejected or failed: a code for machines, a sentence for people, and the figures where there are any. */
export const planReasonSchema = z.object({
  /** For example `no_video_or_audio`, `unreadable`, `too_short`, `black`, `silent`, `duplicate`, `vanished`, `tool_failed`. */
  code: z.string().min(1),
  message: z.string().min(1),
  gate: z.string().optional(),
  value: z.number().optional(),
  limit: z.number().optional(),
  /** Where in the source, seconds from its start. */
  atSeconds: z.number().nonnegative().optional(),
});
export type PlanReason = z.infer<typeof planReasonSchema>;

/** One candidate video, from `planned` to `played`. Times are Unix milliseconds. */
export const planSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  sourceKind: z.enum(['folder', 'file', 'url']),
  /** Absolute path or URL. */
  locator: z.string(),
  title: z.string(),
  state: planStateSchema,
  reason: planReasonSchema.nullable(),
  fileBytes: z.number().int().nonnegative().nullable(),
  fileModifiedMs: z.number().nullable(),
  /** SHA-256 of the source bytes, hex; null until it was read. */
  contentHash: z.string().nullable(),
  assetId: z.string().nullable(),
  discoveredAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type Plan = z.infer<typeof planSchema>;
