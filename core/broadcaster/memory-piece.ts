import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AssetIndex } from '../contract/asset-index.ts';
import { StudioError } from '../contract/errors.ts';
import { indexPathOf, readAssetIndex } from '../media/mpegts/asset-index-file.ts';
import { TsDemuxer } from '../media/mpegts/demuxer.ts';
import type { MediaUnit } from '../media/mpegts/media-unit.ts';
import { checkIdentity, type PieceIdentity } from './piece-identity.ts';
import { ENDED, type UnitSource } from './unit-source.ts';

/** A piece that cannot fail any more: verified and demultiplexed, all of it in memory. For slates, loops, crossfades. */
export class MemoryPiece {
  readonly path: string;
  readonly frames: number;
  readonly firstVideoPts: number;
  readonly bytes: number;
  readonly #index: AssetIndex;
  readonly #units: readonly MediaUnit[];

  constructor(path: string, index: AssetIndex, units: readonly MediaUnit[]) {
    this.path = path;
    this.#index = index;
    this.frames = index.frames;
    this.firstVideoPts = index.firstVideoPts;
    this.bytes = units.reduce((sum, unit) => sum + unit.packets.length, 0);
    this.#units = units;
  }

  /** True when an index certifies the very bytes that this piece was read from. */
  isCertifiedBy(index: AssetIndex): boolean {
    return JSON.stringify(index) === JSON.stringify(this.#index);
  }

  /** Its units from the start; as many sources at the same time as are wanted. */
  source(): UnitSource {
    let next = 0;
    return { pull: () => this.#units[next++] ?? ENDED };
  }
}

/**
 * Reads a whole piece, holding it against its index and the channel. Throws ASSET_DAMAGED with what is wrong.
 *
 * @param known a piece read before: it is given back when it still is what the index certifies.
 */
export async function loadMemoryPiece(
  path: string,
  identity: PieceIdentity,
  known?: MemoryPiece,
): Promise<MemoryPiece> {
  const index = await readAssetIndex(indexPathOf(path));
  checkIdentity(path, index, identity);
  if (known?.isCertifiedBy(index)) return known;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StudioError('ASSET_DAMAGED', `cannot read ${path}`, { cause, detail: { path } });
  });
  const wrong = (what: string): StudioError =>
    new StudioError('ASSET_DAMAGED', `${path}: ${what}`, { detail: { path } });
  if (bytes.length !== index.bytes) throw wrong(`${bytes.length} bytes instead of ${index.bytes}`);
  for (const [gop, [offset, length, crc]] of index.gops.entries())
    if (crc32(bytes.subarray(offset, offset + length)) !== crc) throw wrong(`GOP ${gop} is not the certified one`);
  // One block for all units, not one each: it lives as long as the process, and goes back to the system in one piece.
  const memory = Buffer.allocUnsafeSlow(bytes.length);
  let used = 0;
  const allocate = (length: number): Buffer => {
    used += length;
    return memory.subarray(used - length, used);
  };
  const demuxer = new TsDemuxer({ allocate });
  const units: MediaUnit[] = [];
  for (const event of [...demuxer.push(bytes), ...demuxer.flush()]) {
    if (event.type === 'damage') throw wrong(`${event.kind} at byte ${event.offset}: ${event.detail}`);
    units.push(event);
  }
  return new MemoryPiece(path, index, units);
}
