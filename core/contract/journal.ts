import { z } from 'zod';
import { asRunSchema } from './queue.ts';

/**
 * One line of the as-run journal (`<data>/journal/*.jsonl`), written by the broadcaster, imported by the host.
 * Importing a line twice changes nothing. `seq` grows by one per line over all files and restarts.
 */
const base = { seq: z.number().int().nonnegative(), atMs: z.number() };

export const journalEntrySchema = z.discriminatedUnion('type', [
  /** An item starts; `atMs` is the wall-clock time at which its first frame leaves (not when it was buffered). */
  z.object({
    ...base,
    type: z.literal('start'),
    asRunId: z.string(),
    kind: asRunSchema.shape.kind,
    queueItemId: z.string().nullable(),
    assetId: z.string().nullable(),
    title: z.string(),
    fromFrame: z.number().int().nonnegative(),
    /** Total frames of the item (not of the remaining part). */
    frames: z.number().int().nonnegative(),
    /** True when an interrupted item goes on after a restart or after an emergency. */
    resumed: z.boolean(),
  }),
  z.object({
    ...base,
    type: z.literal('end'),
    asRunId: z.string(),
    queueItemId: z.string().nullable(),
    toFrame: z.number().int().nonnegative(),
    reason: z.enum(['finished', 'skipped', 'taken', 'emergency', 'damaged', 'stopped', 'engine_lost']),
    /** The item will be resumed: its queue row stays. */
    willResume: z.boolean(),
  }),
  /** What the operator asked for; survives a restart of the engine. */
  z.object({ ...base, type: z.literal('mode'), emergency: z.boolean(), hold: z.boolean() }),
  z.object({
    ...base,
    type: z.literal('engine'),
    /**
     * `continued` opens each further file of the journal, so that a file can be understood without those before it.
     * `reanchored`: the process had been suspended for seconds (sleep, SIGSTOP); what was missed is left out.
     */
    event: z.enum(['started', 'stopped', 'continued', 'reanchored']),
    /** First frame of this uninterrupted run of the channel; kept over restarts that follow a crash. */
    onAirSinceMs: z.number(),
    pid: z.number().int(),
    detail: z.string(),
  }),
  /** A piece could not be opened or was left because of damage. */
  z.object({
    ...base,
    type: z.literal('damage'),
    assetId: z.string().nullable(),
    path: z.string(),
    atFrame: z.number().int(),
    detail: z.string(),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
