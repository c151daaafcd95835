import { z } from 'zod';

/** One place in the queue. Order is by `position`, then `id`. */
const queueItemSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  assetId: z.string(),
  position: z.number(),
  /** `on_air` from the journal's start entry until its end entry, then the row is removed. */
  state: z.enum(['queued', 'on_air']),
  origin: z.enum(['planner', 'operator']),
  addedAtMs: z.number(),
});
export type QueueItem = z.infer<typeof queueItemSchema>;

/** A queue item as the control room shows it, with its expected wall-clock times. */
export const timelineItemSchema = z.object({
  id: z.string(),
  assetId: z.string(),
  title: z.string(),
  durationMs: z.number(),
  state: z.enum(['queued', 'on_air']),
  origin: z.enum(['planner', 'operator']),
  /** Expected (or real, when on air) start, Unix ms; null when off air. */
  startsAtMs: z.number().nullable(),
  /** How it joins the item before it; `pending` while the crossfade is not rendered yet. */
  join: z.enum(['crossfade', 'pending', 'cut']),
  /** True when it is too late to move or remove it. */
  locked: z.boolean(),
  integratedLufs: z.number().nullable(),
  palette: z.array(z.string()),
});
export type TimelineItem = z.infer<typeof timelineItemSchema>;

/** What really aired. */
export const asRunSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  kind: z.enum(['asset', 'emergency', 'error', 'slate']),
  queueItemId: z.string().nullable(),
  assetId: z.string().nullable(),
  title: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  fromFrame: z.number().int().nonnegative(),
  toFrame: z.number().int().nonnegative().nullable(),
  endReason: z.enum(['finished', 'skipped', 'taken', 'emergency', 'damaged', 'stopped', 'engine_lost']).nullable(),
});
export type AsRun = z.infer<typeof asRunSchema>;
