import { z } from 'zod';
import { houseProfileSchema } from './profile.ts';

/**
 * `<data>/house/<profileId>/manifest.json`: the pieces that can air when nothing else can. Written atomically by the
 * processor after every piece was verified; the broadcaster needs nothing but this file to have a picture.
 * Paths are relative to the manifest's folder; each `x.ts` has its `x.index.json` beside it.
 */
export const houseManifestSchema = z.object({
  version: z.literal(1),
  profile: houseProfileSchema,
  profileId: z.string(),
  channelName: z.string(),
  /** SHA-256 of SPS+PPS that every piece of this channel must have. */
  headerHash: z.string(),
  /** Two GOPs, held in memory by the broadcaster: the last alternative. */
  slate: z.string(),
  /** Played in order and repeated: the emergency loop. Empty only while it is still being rendered at first start. */
  emergency: z.array(z.string()),
  /** Shown when a source fails with no time for anything better. */
  error: z.array(z.string()),
  /** One house AAC frame of silence (ADTS bytes, base64): fills holes in sound. */
  silentFrameBase64: z.string(),
  verifiedAtMs: z.number(),
});
export type HouseManifest = z.infer<typeof houseManifestSchema>;
