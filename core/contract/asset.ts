import { z } from 'zod';

/** A stretch of the source or the asset, seconds from its start. */
export const stretchSchema = z.object({ fromSeconds: z.number(), toSeconds: z.number() });
export type Stretch = z.infer<typeof stretchSchema>;

/** EBU R 128 figures; null where the sound is too short or too quiet to gate. */
export const loudnessSchema = z.object({
  integratedLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  rangeLu: z.number().nullable(),
});
export type Loudness = z.infer<typeof loudnessSchema>;

/** What was measured before the asset was certified. */
export const qaReportSchema = z.object({
  source: z.object({
    container: z.string(),
    durationSeconds: z.number().nullable(),
    video: z.string().nullable(),
    audio: z.string().nullable(),
    notes: z.array(z.string()),
  }),
  black: z.array(stretchSchema),
  frozen: z.array(stretchSchema),
  silent: z.array(stretchSchema),
  interlaced: z.boolean(),
  loudnessBefore: loudnessSchema,
  loudnessAfter: loudnessSchema,
  /** Mean VMAF (0-100) of the sampled windows against the source; null when there is no source picture or libvmaf is missing. */
  vmafMean: z.number().nullable(),
  vmafMin: z.number().nullable(),
  /** Average colour and up to five dominant colours, `#rrggbb`. */
  averageColour: z.string().nullable(),
  palette: z.array(z.string()),
  /** Faults of the source that were mended or tolerated, as sentences. */
  warnings: z.array(z.string()),
});
export type QaReport = z.infer<typeof qaReportSchema>;

/** Filmstrip sprite: one JPEG with `columns × rows` tiles, one tile every `everySeconds`. */
export const filmstripSchema = z.object({
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  tiles: z.number().int().positive(),
  tileWidth: z.number().int().positive(),
  tileHeight: z.number().int().positive(),
  everySeconds: z.number().positive(),
});
export type Filmstrip = z.infer<typeof filmstripSchema>;

/**
 * A certified piece of programme in the house format. Its files lie in `<data>/assets/<id>/`:
 * `media.ts`, `media.index.json`, `poster.jpg`, `filmstrip.jpg`, `loudness.json` (see core/platform/data-paths.ts).
 */
export const assetSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  planId: z.string().nullable(),
  title: z.string(),
  profileId: z.string(),
  /** Video frames; always a multiple of the grid. */
  frames: z.number().int().positive(),
  durationMs: z.number().positive(),
  bytes: z.number().int().positive(),
  /** SHA-256 of SPS+PPS, hex; equal for every piece of a channel. */
  headerHash: z.string(),
  state: z.enum(['ready', 'damaged', 'missing', 'retired']),
  qa: qaReportSchema,
  filmstrip: filmstripSchema.nullable(),
  createdAtMs: z.number(),
  lastAiredMs: z.number().nullable(),
  airedCount: z.number().int().nonnegative(),
});
export type Asset = z.infer<typeof assetSchema>;
