import { isDeepStrictEqual } from 'node:util';
import type { AssetIndex } from '../../contract/asset-index.ts';
import { StudioError } from '../../contract/errors.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { indexPathOf, readAssetIndex } from '../../media/mpegts/asset-index-file.ts';
import { indexAsset } from '../../media/mpegts/index-asset.ts';
import { runTool } from '../../media/run-tool.ts';
import type { Tools } from '../../media/tools.ts';
import type { Logger } from '../../platform/logger.ts';

const DECODE_DEADLINE_MS = 120_000;

/** Decodes a stream to its end. Throws HOUSE_MISMATCH with the decoder's first words when it says anything. */
export async function decodeWithoutErrors(
  path: string,
  options: { tools: Tools; logger: Logger; signal: AbortSignal; children?: string },
): Promise<void> {
  const { tools, logger, signal, children } = options;
  const { stderrTail } = await runTool({
    tool: tools.ffmpeg,
    args: ['-nostdin', '-v', 'error', '-xerror', '-i', path, '-map', '0', '-f', 'null', '-'],
    logger,
    signal,
    deadlineMs: DECODE_DEADLINE_MS,
    ...(children === undefined ? {} : { childrenFolder: children }),
  });
  if (stderrTail.trim() !== '')
    throw new StudioError('HOUSE_MISMATCH', `${path} does not decode cleanly: ${stderrTail.trim().slice(0, 300)}`, {
      detail: { path },
    });
}

/**
 * Holds a stored piece against its index: the same bytes, still in the house format. Returns the index.
 * Throws ASSET_DAMAGED or HOUSE_MISMATCH.
 */
export async function verifyStoredPiece(path: string, profile: HouseProfile, signal: AbortSignal): Promise<AssetIndex> {
  const stored = await readAssetIndex(indexPathOf(path));
  const found = await indexAsset(path, profile, { signal });
  if (!isDeepStrictEqual(stored, found))
    throw new StudioError('ASSET_DAMAGED', `${path} is not what its index says`, { detail: { path } });
  return found;
}
