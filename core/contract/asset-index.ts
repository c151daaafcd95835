import { z } from 'zod';

/**
 * Index of one house-format transport stream, written beside it as `<name>.index.json`. It lets the engine open a piece
 * at any GOP without parsing what comes before, and prove, GOP by GOP before it airs, that the bytes are the certified ones.
 *
 * A GOP's span runs from the first TS packet of its IDR's PES to the byte before the next one; the first span starts at
 * byte 0 (PAT and PMT). Audio of a GOP's last milliseconds may lie in the next span: readers read on until it is drained.
 */
export const assetIndexSchema = z.object({
  version: z.literal(1),
  profileId: z.string(),
  frames: z.number().int().positive(),
  audioFrames: z.number().int().nonnegative(),
  /** PTS of the first video frame, ticks. */
  firstVideoPts: z.number().int(),
  bytes: z.number().int().positive(),
  /** SHA-256 of the SPS and PPS NAL units, hex. */
  headerHash: z.string(),
  videoPid: z.number().int(),
  audioPid: z.number().int(),
  pcrPid: z.number().int(),
  /** One entry per GOP: byte offset, byte length, CRC-32 (zlib) of those bytes. */
  gops: z
    .array(z.tuple([z.number().int().nonnegative(), z.number().int().positive(), z.number().int().nonnegative()]))
    .min(1),
});
export type AssetIndex = z.infer<typeof assetIndexSchema>;
