import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, StudioError } from '../contract/errors.ts';
import { houseManifestSchema } from '../contract/house-piece.ts';
import type { HouseProfile } from '../contract/profile.ts';
import { packAudioFrame } from '../media/mpegts/audio-unit.ts';
import type { MediaUnit } from '../media/mpegts/media-unit.ts';
import type { Logger } from '../platform/logger.ts';
import { loadMemoryPiece, type MemoryPiece } from './memory-piece.ts';
import type { PieceIdentity } from './piece-identity.ts';

/** Pieces beyond this are left on disk: the engine's memory is for what must never fail, not for a film. */
const MAX_MEMORY_BYTES = 48 * 1024 * 1024;

/** A list that is known not to be empty. */
type NonEmpty<T> = readonly [T, ...T[]];

/** Everything that can air when nothing else can, in memory. The slate is there by type: a source of last resort. */
export interface HousePieces {
  readonly profile: HouseProfile;
  readonly identity: PieceIdentity;
  readonly silence: MediaUnit;
  readonly slate: MemoryPiece;
  /** What an emergency shows: the loop in its order, or the slate. */
  readonly emergency: NonEmpty<MemoryPiece>;
  /** What a failed source shows: the error screens, or what an emergency shows. */
  readonly error: NonEmpty<MemoryPiece>;
  /** Length of the emergency loop that was found; 0 while it is still being rendered. */
  readonly emergencyPieces: number;
  /** Every piece by its file name. */
  readonly byName: ReadonlyMap<string, MemoryPiece>;
}

/**
 * Loads the pieces that a manifest names. Only the slate is indispensable: throws ASSET_DAMAGED without it (or without
 * a readable manifest); any other piece that is missing or damaged is left out and logged. Pieces of `held` that are
 * still the certified ones are not read again.
 */
export async function loadHousePieces(folder: string, log: Logger, held?: HousePieces): Promise<HousePieces> {
  const path = join(folder, 'manifest.json');
  const manifest = await readFile(path, 'utf8')
    .then((text) => houseManifestSchema.parse(JSON.parse(text)))
    .catch((cause: unknown) => {
      throw new StudioError('ASSET_DAMAGED', `cannot read the house manifest ${path}`, { cause, detail: { path } });
    });
  const identity: PieceIdentity = { profileId: manifest.profileId, headerHash: manifest.headerHash };
  const loaded = new Map<string, MemoryPiece>();
  let memoryBytes = 0;
  const load = async (name: string): Promise<MemoryPiece> => {
    const known = loaded.get(name);
    if (known) return known;
    const piece = await loadMemoryPiece(join(folder, name), identity, held?.byName.get(name));
    loaded.set(name, piece);
    memoryBytes += piece.bytes;
    return piece;
  };
  const loadList = async (names: readonly string[]): Promise<MemoryPiece[]> => {
    const pieces: MemoryPiece[] = [];
    for (const name of names) {
      if (memoryBytes > MAX_MEMORY_BYTES) {
        log.warn({ name, memoryBytes }, 'house piece left out: the pieces held in memory are too large');
        continue;
      }
      try {
        pieces.push(await load(name));
      } catch (error) {
        log.error({ name, reason: describeError(error) }, 'house piece left out');
      }
    }
    return pieces;
  };
  const slate = await load(manifest.slate);
  const [firstEmergency, ...moreEmergency] = await loadList(manifest.emergency);
  const [firstError, ...moreError] = await loadList(manifest.error);
  const emergency: NonEmpty<MemoryPiece> = firstEmergency ? [firstEmergency, ...moreEmergency] : [slate];
  return {
    profile: manifest.profile,
    identity,
    silence: packAudioFrame(Buffer.from(manifest.silentFrameBase64, 'base64')),
    slate,
    emergency,
    error: firstError ? [firstError, ...moreError] : emergency,
    emergencyPieces: firstEmergency ? 1 + moreEmergency.length : 0,
    byName: loaded,
  };
}
