import { join } from 'node:path';
import { describeError, StudioError } from '../../contract/errors.ts';
import type { HouseManifest } from '../../contract/house-piece.ts';
import { profileId } from '../../contract/profile.ts';
import type { Tools } from '../../media/tools.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import { manifestPieces, writeHouseManifest } from './house-folder.ts';
import { decodeWithoutErrors, verifyStoredPiece } from './verify-house-piece.ts';

/** A piece that may not air any more, and why. */
export interface HouseFault {
  readonly file: string;
  readonly reason: string;
}

/**
 * Checks every house piece again, as on the first day: bytes against checksums, house format, header hash, decoding to
 * the end. When all are sound, `verifiedAtMs` of the manifest on disk is set to now. Returns the faults: none is good;
 * `ensureHouse` mends them.
 */
export async function verifyHouse(
  manifest: HouseManifest,
  options: { paths: DataPaths; tools: Tools; clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<HouseFault[]> {
  const folder = options.paths.house(profileId(manifest.profile));
  const faults: HouseFault[] = [];
  for (const file of manifestPieces(manifest)) {
    try {
      const { headerHash } = await verifyStoredPiece(join(folder, file), manifest.profile, options.signal);
      if (headerHash !== manifest.headerHash)
        throw new StudioError('HOUSE_MISMATCH', 'its headers are not those of the channel', { detail: { file } });
      await decodeWithoutErrors(join(folder, file), options);
    } catch (error) {
      if (error instanceof StudioError && error.code === 'ABORTED') throw error;
      faults.push({ file, reason: describeError(error) });
    }
  }
  if (faults.length === 0) await writeHouseManifest(folder, { ...manifest, verifiedAtMs: options.clock.wallMs() });
  else options.logger.error({ faults }, 'house pieces are damaged');
  return faults;
}
