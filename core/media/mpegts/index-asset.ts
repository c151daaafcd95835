import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AssetIndex } from '../../contract/asset-index.ts';
import { StudioError } from '../../contract/errors.ts';
import { type HouseProfile, profileId } from '../../contract/profile.ts';
import { TsDemuxer } from './demuxer.ts';
import { HouseCheck } from './house-check.ts';

const READ_BYTES = 1024 * 1024;

/**
 * Reads a finished stream once, in pieces of one megabyte, and certifies it: every unit is held against the house format
 * and every GOP gets its CRC-32, by which the engine recognises the certified bytes before they air.
 *
 * Throws HOUSE_MISMATCH with the figure and the position of whatever differs, MEDIA_UNREADABLE when the file cannot be
 * read, ABORTED on `signal`.
 */
export async function indexAsset(
  path: string,
  profile: HouseProfile,
  options: { signal?: AbortSignal } = {},
): Promise<AssetIndex> {
  const demuxer = new TsDemuxer();
  const check = new HouseCheck(path, profile);
  const gops = new GopTable();
  let bytes = 0;

  const take = (events: ReturnType<TsDemuxer['push']>): void => {
    for (const event of events) {
      if (event.type === 'damage') check.damage(event);
      else if (event.kind === 'audio') check.audio(event);
      else {
        check.video(event);
        gops.frame(event.offset, event.key);
      }
    }
  };

  for await (const chunk of readChunks(path, options.signal)) {
    bytes += chunk.length;
    gops.bytes(chunk);
    take(demuxer.push(chunk));
  }
  take(demuxer.flush());

  const { frames, audioFrames, firstVideoPts, headerHash } = check.finish(bytes);
  const pids = demuxer.pids;
  if (!pids) throw new StudioError('HOUSE_MISMATCH', `${path}: no program tables`, { detail: { path } });
  return {
    version: 1,
    profileId: profileId(profile),
    frames,
    audioFrames,
    firstVideoPts,
    bytes,
    headerHash,
    videoPid: pids.videoPid,
    audioPid: pids.audioPid,
    pcrPid: pids.pcrPid,
    gops: gops.finish(bytes),
  };
}

async function* readChunks(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new StudioError('MEDIA_UNREADABLE', `cannot open ${path}`, { cause, detail: { path } });
  });
  try {
    while (true) {
      if (signal?.aborted) throw new StudioError('ABORTED', `indexing ${path} was stopped`, { detail: { path } });
      // A fresh buffer each time: the GOP table keeps views until it knows to which GOP the bytes belong.
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(READ_BYTES), 0, READ_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/**
 * Offsets and checksums of the GOPs. Where a frame starts is known only when it is complete, possibly some reads later, so
 * the checksum follows behind: bytes are held back until the next frame tells that no GOP starts among them.
 */
class GopTable {
  #gops: AssetIndex['gops'] = [];
  #start = 0;
  #crc = 0;
  #done = 0;
  #held: Buffer[] = [];

  bytes(chunk: Buffer): void {
    this.#held.push(chunk);
  }

  frame(offset: number, key: boolean): void {
    this.#sumUpTo(offset);
    if (!key) return;
    // The span of the first GOP starts at byte 0, with the tables that precede its keyframe.
    if (this.#sawKey) this.#close(offset);
    this.#sawKey = true;
  }
  #sawKey = false;

  finish(bytes: number): AssetIndex['gops'] {
    this.#sumUpTo(bytes);
    this.#close(bytes);
    return this.#gops;
  }

  #close(end: number): void {
    this.#gops.push([this.#start, end - this.#start, this.#crc]);
    this.#start = end;
    this.#crc = 0;
  }

  #sumUpTo(offset: number): void {
    while (this.#done < offset) {
      const first = this.#held[0];
      if (!first) throw new RangeError(`byte ${offset} has not been read yet`);
      const part = first.subarray(0, offset - this.#done);
      this.#crc = crc32(part, this.#crc);
      this.#done += part.length;
      if (part.length === first.length) this.#held.shift();
      else this.#held[0] = first.subarray(part.length);
    }
  }
}
