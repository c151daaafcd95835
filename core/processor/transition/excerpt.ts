import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { AssetIndex } from '../../contract/asset-index.ts';
import { StudioError } from '../../contract/errors.ts';
import { AAC_FRAME_TICKS, frameTicks, type HouseProfile } from '../../contract/profile.ts';
import { TsDemuxer } from '../../media/mpegts/demuxer.ts';
import type { DemuxEvent, MediaUnit } from '../../media/mpegts/media-unit.ts';
import { PACKET_BYTES, packetPid } from '../../media/mpegts/packet.ts';

/** A certified piece on disk. */
export interface Piece {
  readonly mediaPath: string;
  readonly index: AssetIndex;
}

/**
 * Cuts frames `[start, end)` out of a piece, packet by packet: program tables, the pictures from the keyframe `start` on,
 * and their sound with exactly one AAC frame more in front, since a decoder needs the frame before to finish the first.
 * So sample 1024 of the decoded excerpt belongs to the start of picture `start`, whatever seeking would have done.
 *
 * `start` must be a multiple of the GOP. Throws ASSET_DAMAGED when the bytes are not the certified ones, MEDIA_UNREADABLE
 * when the file cannot be read.
 */
export async function excerpt(piece: Piece, profile: HouseProfile, start: number, end: number): Promise<Buffer> {
  const { index } = piece;
  if (start % profile.gopFrames !== 0) throw new RangeError(`frame ${start} is no keyframe`);
  const startPts = index.firstVideoPts + start * frameTicks(profile);
  const endPts = index.firstVideoPts + end * frameTicks(profile);
  // Sound lags or leads the pictures by part of a GOP in the file: one GOP more on either side has all of it.
  const firstGop = Math.max(0, start / profile.gopFrames - 1);
  const lastGop = Math.min(index.gops.length - 1, Math.ceil(end / profile.gopFrames));
  const { tables, bytes, offset } = await readGops(piece, firstGop, lastGop);

  const pids = { videoPid: index.videoPid, audioPid: index.audioPid, pcrPid: index.pcrPid };
  const demuxer = new TsDemuxer({ pids, offset });
  const events = demuxer.push(bytes);
  if (lastGop === index.gops.length - 1) events.push(...demuxer.flush());
  const wanted = wholeUnits(piece, events).filter(({ kind, pts }) =>
    kind === 'video' ? pts >= startPts && pts < endPts : pts >= startPts - AAC_FRAME_TICKS && pts < endPts,
  );
  const ordered = wanted.sort((a, b) => a.offset - b.offset);
  return Buffer.concat([tables, ...ordered.map((unit) => unit.packets)]);
}

function wholeUnits(piece: Piece, events: DemuxEvent[]): MediaUnit[] {
  return events.map((event) => {
    if (event.type === 'unit') return event;
    throw new StudioError('ASSET_DAMAGED', `${piece.mediaPath}: ${event.kind} at byte ${event.offset}`, {
      detail: { path: piece.mediaPath, offset: event.offset },
    });
  });
}

/** The bytes of some GOPs, held against their checksums, and the program tables from the start of the stream. */
async function readGops(
  piece: Piece,
  first: number,
  last: number,
): Promise<{ tables: Buffer; bytes: Buffer; offset: number }> {
  const { mediaPath, index } = piece;
  const gops = index.gops.slice(first, last + 1);
  const offset = gops[0]?.[0] ?? 0;
  const length = gops.reduce((sum, gop) => sum + gop[1], 0);
  const file = await open(mediaPath, 'r').catch((cause: unknown) => {
    throw new StudioError('MEDIA_UNREADABLE', `cannot open ${mediaPath}`, { cause, detail: { path: mediaPath } });
  });
  try {
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, offset);
    for (const [start, size, sum] of gops) {
      if (crc32(bytes.subarray(start - offset, start - offset + size)) !== sum)
        throw new StudioError('ASSET_DAMAGED', `${mediaPath}: the GOP at byte ${start} is not the certified one`, {
          detail: { path: mediaPath, offset: start },
        });
    }
    const head = Buffer.alloc(TABLE_PACKETS_AT_MOST * PACKET_BYTES);
    await file.read(head, 0, head.length, 0);
    return { tables: leadingTables(head, index), bytes, offset };
  } finally {
    await file.close();
  }
}

/** ffmpeg starts a stream with SDT, PAT and PMT, one packet each. */
const TABLE_PACKETS_AT_MOST = 16;

function leadingTables(head: Buffer, index: AssetIndex): Buffer {
  let end = 0;
  while (end < head.length) {
    const pid = packetPid(head, end);
    if (pid === index.videoPid || pid === index.audioPid) break;
    end += PACKET_BYTES;
  }
  return head.subarray(0, end);
}
