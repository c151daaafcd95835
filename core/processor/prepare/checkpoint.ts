import { z } from 'zod';
import { listeningSchema } from './listen.ts';
import { lookSchema } from './normalise.ts';
import { verificationSchema } from './verify.ts';

/** Steps of preparing, in order. */
export type PrepareStep = 'hash' | 'inspect' | 'listen' | 'normalise' | 'verify' | 'compare' | 'certify';

/**
 * What is known after the steps that are done; stored with the job after each of them, so that a restart goes on there.
 * Inspecting costs nothing and is done again.
 */
const checkpointSchema = z.object({
  version: z.literal(1),
  assetId: z.string(),
  profileId: z.string(),
  /** The source these results are about. */
  source: z.object({ bytes: z.number(), modifiedMs: z.number() }),
  contentHash: z.string().optional(),
  listening: listeningSchema.optional(),
  /** Of `media.ts` in the work folder. */
  normalised: z.object({ look: lookSchema, frames: z.number(), bytes: z.number() }).optional(),
  verification: verificationSchema.optional(),
  vmaf: z.object({ mean: z.number(), min: z.number() }).nullable().optional(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** The stored checkpoint when it is about this very source and profile, else a fresh one. */
export function resumeCheckpoint(stored: unknown, fresh: Checkpoint): Checkpoint {
  const parsed = checkpointSchema.safeParse(stored);
  if (!parsed.success) return fresh;
  const { source, profileId } = parsed.data;
  const same =
    source.bytes === fresh.source.bytes &&
    source.modifiedMs === fresh.source.modifiedMs &&
    profileId === fresh.profileId;
  return same ? parsed.data : fresh;
}
