import { basename, join } from 'node:path';
import { describeError, StudioError } from '../../contract/errors.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { childrenFolder } from '../../media/child-record.ts';
import { indexPathOf, writeAssetIndex } from '../../media/mpegts/asset-index-file.ts';
import { indexAsset } from '../../media/mpegts/index-asset.ts';
import type { Tools } from '../../media/tools.ts';
import { publishFile } from '../../platform/atomic-file.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import { type HousePiece, pieceFrames } from './house-pieces.ts';
import { renderHousePiece } from './render-house-piece.ts';
import { decodeWithoutErrors, verifyStoredPiece } from './verify-house-piece.ts';

/** The slate is wanted at once; the others yield to it and to what is on air. */
const BACKGROUND_NICE = 5;

export interface ReadyPieceOptions {
  readonly channel: { readonly name: string; readonly profile: HouseProfile };
  readonly paths: DataPaths;
  readonly tools: Tools;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** `resources/emergency` of the app. */
  readonly resources: string;
  /** 0 to 1. */
  readonly onFraction: (fraction: number) => void;
}

/** A certified piece in the house folder. */
export interface ReadyPiece {
  readonly file: string;
  readonly headerHash: string;
}

/**
 * The piece at `path`: as it is when it is intact, else rendered in `work`, certified and moved there.
 * Throws ABORTED, TOOL_FAILED, DISK_FULL, HOUSE_MISMATCH.
 */
export async function readyPiece(
  piece: HousePiece,
  path: string,
  work: string,
  options: ReadyPieceOptions,
): Promise<ReadyPiece> {
  const { channel, paths, tools, logger, signal, onFraction } = options;
  const file = basename(path);
  const kept = await intact(path, options);
  if (kept !== null) {
    onFraction(1);
    return { file, headerHash: kept };
  }
  const output = join(work, file);
  const children = childrenFolder(paths.run);
  const nice = piece.name === 'slate' ? 0 : BACKGROUND_NICE;
  await renderHousePiece({
    ...{ piece, profile: channel.profile, channelName: channel.name, resources: options.resources, work, output },
    ...{ tools, logger, signal, children, nice, onFraction },
  });
  const index = await indexAsset(output, channel.profile, { signal });
  if (index.frames !== pieceFrames(piece, channel.profile))
    throw new StudioError('HOUSE_MISMATCH', `${file} has ${index.frames} frames`, { detail: { file } });
  await decodeWithoutErrors(output, { tools, logger, signal, children });
  await writeAssetIndex(indexPathOf(path), index);
  await publishFile(output, path);
  onFraction(1);
  return { file, headerHash: index.headerHash };
}

/** Header hash of a stored piece that is still what it was; null when there is none or it is damaged. */
async function intact(path: string, options: ReadyPieceOptions): Promise<string | null> {
  try {
    return (await verifyStoredPiece(path, options.channel.profile, options.signal)).headerHash;
  } catch (error) {
    if (error instanceof StudioError && error.code === 'ABORTED') throw error;
    options.logger.debug({ path, reason: describeError(error) }, 'house piece is rendered anew');
    return null;
  }
}
