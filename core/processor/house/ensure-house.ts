import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { HouseManifest } from '../../contract/house-piece.ts';
import { type HouseProfile, profileId } from '../../contract/profile.ts';
import type { Tools } from '../../media/tools.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import {
  manifestPieces,
  pieceFileName,
  pruneHouseFolder,
  readHouseManifest,
  writeHouseManifest,
} from './house-folder.ts';
import { HOUSE_PIECES, type HousePiece, pieceFrames } from './house-pieces.ts';
import { type ReadyPiece, readyPiece } from './ready-piece.ts';
import { extractSilentFrame } from './silent-frame.ts';

export interface EnsureHouseOptions {
  readonly channel: { readonly id: string; readonly name: string; readonly profile: HouseProfile };
  readonly paths: DataPaths;
  readonly tools: Tools;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** `fraction`: 0 to 1 of all rendering. */
  readonly onProgress: (progress: { step: string; fraction: number }) => void;
  /** `resources/emergency` of the app; by default that of this source tree. */
  readonly resources?: string;
}

/**
 * Makes sure that the pieces that can air when nothing else can exist for this channel, and are what they should be.
 * Renders what is missing: the slate first, then the manifest is published at once, so that the channel can go on air;
 * then the emergency loop and the error screen, each published when it is certified. What is there and intact is kept,
 * also after an interrupted run. Returns the complete manifest.
 *
 * Throws ABORTED, TOOL_FAILED, DISK_FULL, HOUSE_MISMATCH.
 */
export async function ensureHouse(options: EnsureHouseOptions): Promise<HouseManifest> {
  const { channel, paths } = options;
  const folder = paths.house(profileId(channel.profile));
  const work = join(paths.work, `house-${profileId(channel.profile)}`);
  await rm(work, { recursive: true, force: true });
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(work, { recursive: true })]);
  try {
    return await ensureIn(folder, work, options);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function ensureIn(folder: string, work: string, options: EnsureHouseOptions): Promise<HouseManifest> {
  const { channel, clock, logger, onProgress, resources = defaultResources() } = options;
  const names = new Map<HousePiece['name'], string>();
  for (const piece of HOUSE_PIECES)
    names.set(piece.name, await pieceFileName(piece, channel.profile, channel.name, resources));
  await pruneHouseFolder(folder, await readHouseManifest(folder, logger), [...names.values()]);

  const total = HOUSE_PIECES.reduce((sum, piece) => sum + pieceFrames(piece, channel.profile), 0);
  const done = new Map<string, number>();
  const ready = (piece: HousePiece): Promise<ReadyPiece> =>
    readyPiece(piece, join(folder, names.get(piece.name) ?? piece.name), work, {
      ...options,
      resources,
      onFraction: (fraction) => {
        done.set(piece.name, fraction * pieceFrames(piece, channel.profile));
        onProgress({ step: piece.name, fraction: [...done.values()].reduce((a, b) => a + b, 0) / total });
      },
    });

  const [slatePiece, ...others] = HOUSE_PIECES;
  if (!slatePiece) throw new StudioError('INTERNAL', 'no slate is defined');
  const slate = await ready(slatePiece);
  const silence = await extractSilentFrame(join(folder, slate.file));
  let manifest: HouseManifest = {
    version: 1,
    profile: channel.profile,
    profileId: profileId(channel.profile),
    channelName: channel.name,
    headerHash: slate.headerHash,
    slate: slate.file,
    emergency: [],
    error: [],
    silentFrameBase64: silence.toString('base64'),
    verifiedAtMs: clock.wallMs(),
  };
  const before = await readHouseManifest(folder, logger);
  if (before === null || !(await canStay(before, folder, slate.headerHash))) await writeHouseManifest(folder, manifest);

  const finished = await Promise.all(others.map(async (piece) => ({ name: piece.name, ...(await ready(piece)) })));
  for (const piece of finished) {
    if (piece.headerHash !== manifest.headerHash)
      throw new StudioError('HOUSE_MISMATCH', `the headers of ${piece.file} differ from those of the slate`, {
        detail: { file: piece.file },
      });
  }
  const filesOf = (name: HousePiece['name']): string[] =>
    finished.filter((piece) => piece.name === name).map((piece) => piece.file);
  manifest = { ...manifest, emergency: filesOf('emergency'), error: filesOf('error'), verifiedAtMs: clock.wallMs() };
  await writeHouseManifest(folder, manifest);
  logger.info({ folder, pieces: manifestPieces(manifest) }, 'house pieces are certified');
  return manifest;
}

/**
 * Has the manifest on disk a loop that may air until the new one is ready? So it is at every start but the first, and
 * after the channel got another name.
 */
async function canStay(before: HouseManifest, folder: string, headerHash: string): Promise<boolean> {
  if (before.headerHash !== headerHash || before.emergency.length === 0) return false;
  const found = await Promise.all(manifestPieces(before).map((file) => exists(join(folder, file))));
  return found.every(Boolean);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function defaultResources(): string {
  return join(import.meta.dirname, '..', '..', '..', 'resources', 'emergency');
}
