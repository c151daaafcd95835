import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AssetIndex } from '../contract/asset-index.ts';
import { describeError, StudioError } from '../contract/errors.ts';
import { indexPathOf, readAssetIndex } from '../media/mpegts/asset-index-file.ts';
import { TsDemuxer } from '../media/mpegts/demuxer.ts';
import type { DemuxEvent, MediaUnit } from '../media/mpegts/media-unit.ts';
import { GopMemory } from './gop-memory.ts';
import { checkIdentity, type PieceIdentity } from './piece-identity.ts';
import { ENDED, type PieceDamage, type Pulled, STARVED, type UnitSource } from './unit-source.ts';

/** Refilled when fewer video frames than these GOPs are ready. With the GOP on its way, at most two and a half are held. */
const AHEAD_GOPS = 1.5;

/**
 * Reads a piece GOP by GOP ahead of need. Each GOP is held against its CRC-32 before any frame of it can be pulled: bit
 * flips inside a valid transport stream are invisible to every other check, and would air as broken pictures. Damage is
 * therefore known one to two seconds before it is due, and the piece is left after the last good GOP.
 */
export class PieceReader implements UnitSource {
  readonly path: string;
  readonly frames: number;
  readonly firstVideoPts: number;
  readonly fromFrame: number;
  readonly #file: FileHandle;
  readonly #index: AssetIndex;
  readonly #gopFrames: number;
  readonly #demuxer: TsDemuxer;
  readonly #memory = new GopMemory();
  #buffer = Buffer.alloc(0);
  #gop: number;
  #units: MediaUnit[] = [];
  /** Position in `#units`; shifting an array of a hundred elements for each unit would be the costlier way. */
  #next = 0;
  #framesReady = 0;
  #end: PieceDamage | typeof ENDED | null = null;
  #loading: Promise<void> | null = null;
  #disposed = false;

  private constructor(path: string, file: FileHandle, index: AssetIndex, gopFrames: number, fromFrame: number) {
    this.path = path;
    this.frames = index.frames;
    this.firstVideoPts = index.firstVideoPts;
    this.fromFrame = fromFrame;
    this.#file = file;
    this.#index = index;
    this.#gopFrames = gopFrames;
    this.#gop = fromFrame / gopFrames;
    const { videoPid, audioPid, pcrPid } = index;
    const offset = index.gops[this.#gop]?.[0] ?? 0;
    const allocate = (bytes: number): Buffer => this.#memory.allocate(bytes);
    this.#demuxer = new TsDemuxer({ pids: { videoPid, audioPid, pcrPid }, offset, allocate });
  }

  /**
   * Opens a piece at a keyframe and reads its first GOP. Throws ASSET_DAMAGED when the index, the identity, the size or
   * that GOP is wrong; BAD_ARGUMENT when `fromFrame` is no keyframe of the piece.
   */
  static async open(path: string, identity: PieceIdentity, gopFrames: number, fromFrame = 0): Promise<PieceReader> {
    const index = await readAssetIndex(indexPathOf(path));
    checkIdentity(path, index, identity);
    if (fromFrame % gopFrames !== 0 || fromFrame >= index.frames || index.gops[fromFrame / gopFrames] === undefined)
      throw new StudioError('BAD_ARGUMENT', `frame ${fromFrame} is no keyframe of ${path}`, { detail: { path } });
    const damaged = (what: string, cause?: unknown): StudioError =>
      new StudioError('ASSET_DAMAGED', `${path}: ${what}`, { cause, detail: { path } });
    const file = await open(path, 'r').catch((cause: unknown) => {
      throw damaged('cannot be opened', cause);
    });
    const reader = new PieceReader(path, file, index, gopFrames, fromFrame);
    try {
      const { size } = await file.stat();
      if (size !== index.bytes) throw damaged(`${size} bytes instead of ${index.bytes}`);
      await reader.#load();
      if (reader.#framesReady === 0 && reader.#end?.type === 'damage') throw damaged(reader.#end.detail);
      return reader;
    } catch (error) {
      reader.dispose();
      throw error;
    }
  }

  /** Damage found ahead of the air, while good frames are still to be pulled; null when none is known. */
  get damageAhead(): PieceDamage | null {
    return this.#end?.type === 'damage' ? this.#end : null;
  }

  pull(): Pulled {
    const unit = this.#units[this.#next];
    if (!unit) {
      if (this.#end) return this.#end;
      this.#refill();
      return STARVED;
    }
    this.#next++;
    if (unit.kind === 'video') {
      this.#framesReady--;
      if (this.#framesReady < AHEAD_GOPS * this.#gopFrames) this.#refill();
    }
    return unit;
  }

  /** Resolves when a load that is under way is over. For whoever runs faster than real time and may wait. */
  async ready(): Promise<void> {
    await this.#loading;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#end ??= ENDED;
    // A read may be under way on this handle: it must not be closed, and its number reused, under the read.
    void (this.#loading ?? Promise.resolve()).then(() => this.#file.close()).catch(() => undefined);
  }

  #refill(): void {
    if (this.#loading || this.#end) return;
    this.#loading = this.#load().finally(() => {
      this.#loading = null;
    });
  }

  async #load(): Promise<void> {
    const span = this.#index.gops[this.#gop];
    if (!span) {
      this.#add(this.#demuxer.flush());
      this.#end ??= ENDED;
      return;
    }
    const [offset, length, crc] = span;
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    try {
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await this.#file.read(this.#buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (this.#disposed) return;
      if (filled < length) return this.#break('truncated', `ends inside GOP ${this.#gop}`);
    } catch (error) {
      return this.#break('read-error', describeError(error));
    }
    const bytes = this.#buffer.subarray(0, length);
    this.#memory.nextGop(length);
    if (crc32(bytes) !== crc) return this.#break('checksum', `GOP ${this.#gop} is not the certified one`);
    this.#gop++;
    this.#add(this.#demuxer.push(bytes));
    if (this.#gop === this.#index.gops.length) {
      this.#add(this.#demuxer.flush());
      this.#end ??= ENDED;
    }
  }

  #add(events: readonly DemuxEvent[]): void {
    this.#units = this.#units.slice(this.#next);
    this.#next = 0;
    for (const event of events) {
      if (event.type === 'damage') {
        this.#end ??= {
          type: 'damage',
          kind: event.kind,
          detail: `${event.kind} at byte ${event.offset}: ${event.detail}`,
        };
        return;
      }
      this.#units.push(event);
      if (event.kind === 'video') this.#framesReady++;
    }
  }

  /** Ends the piece before the GOP that cannot be had; a last frame that only its successor would have ended is kept. */
  #break(kind: PieceDamage['kind'], detail: string): void {
    this.#add(this.#demuxer.flush().filter((event) => event.type === 'unit'));
    this.#end ??= { type: 'damage', kind, detail };
  }
}
