import { z } from 'zod';
import { destinationStatusSchema } from './destination.ts';
import { asRunSchema } from './queue.ts';

/** What is on air now. Positions are frames of the item; wall-clock times are Unix ms. */
const programSchema = z.object({
  asRunId: z.string(),
  kind: asRunSchema.shape.kind,
  queueItemId: z.string().nullable(),
  assetId: z.string().nullable(),
  title: z.string(),
  startedAtMs: z.number(),
  /** Frame that is on air at `BroadcasterStatus.atMs`. */
  positionFrames: z.number().int().nonnegative(),
  totalFrames: z.number().int().nonnegative(),
  /** Expected end (start of the transition into the next item); null for a loop. */
  endsAtMs: z.number().nullable(),
});

const nextSchema = z.object({
  queueItemId: z.string(),
  assetId: z.string(),
  title: z.string(),
  startsAtMs: z.number().nullable(),
  join: z.enum(['crossfade', 'cut']),
  /** Prerolled and committed: order changes no longer affect it, only take and skip do. */
  locked: z.boolean(),
});

/** Counters of the engine since its process started. */
const engineCountersSchema = z.object({
  splices: z.number().int(),
  crossfades: z.number().int(),
  takes: z.number().int(),
  videoFrames: z.number().int(),
  videoGaps: z.number().int(),
  audioGaps: z.number().int(),
  silentFillFrames: z.number().int(),
  damagedPieces: z.number().int(),
  /** A/V residual of the item on air, milliseconds; 0 on the grid. */
  avResidualMs: z.number(),
  /** Worst lateness of a pacing tick in the last minute, ms. */
  worstTickLatenessMs: z.number(),
  loopDelayP99Ms: z.number(),
  cpuPercent: z.number().nullable(),
  rssBytes: z.number().int(),
  /** Rate over the last seconds, all of the transport stream. */
  outputKbps: z.number().nullable(),
  previewClients: z.number().int(),
});
export type EngineCounters = z.infer<typeof engineCountersSchema>;

export const broadcasterStatusSchema = z.object({
  atMs: z.number(),
  pid: z.number().int(),
  /** First frame of this uninterrupted run of the channel (kept over an engine restart through the journal). */
  onAirSinceMs: z.number(),
  engineStartedAtMs: z.number(),
  /** House format that is on air; absent in one that an earlier version started. */
  profileId: z.string().optional(),
  mode: z.enum(['program', 'emergency', 'slate']),
  emergency: z.boolean(),
  hold: z.boolean(),
  program: programSchema.nullable(),
  next: nextSchema.nullable(),
  /** Ready material in the queue after the item on air, ms. */
  bufferMs: z.number(),
  destinations: z.array(destinationStatusSchema),
  counters: engineCountersSchema,
  /** Loopback port of `GET /program.ts`, and the access token it wants. */
  fanoutPort: z.number().int(),
});
export type BroadcasterStatus = z.infer<typeof broadcasterStatusSchema>;
