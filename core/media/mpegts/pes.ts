import { hasTimestampMarkers, readTimestamp, TIMESTAMP_BYTES } from './timestamp.ts';

/**
 * Header of a PES packet (ISO/IEC 13818-1 §2.4.3.6):
 *
 *     0..2  packet_start_code_prefix 00 00 01
 *     3     stream_id (video 0xE0-0xEF, audio 0xC0-0xDF)
 *     4..5  PES_packet_length: bytes after this field; 0 means "until the next one" and is allowed for video only
 *     6     '10' and flags
 *     7     PTS_DTS_flags in the two top bits
 *     8     PES_header_data_length: bytes of optional fields and stuffing that follow
 *     9..   PTS, then DTS when flagged
 *
 * ffmpeg writes PTS alone when DTS equals it, which is always so in the house format: there are no B-frames.
 */
export interface PesHeader {
  streamId: number;
  /** PES_packet_length, 0 when unbounded. */
  packetLength: number;
  pts: number;
  dts: number;
  /** Bytes from the start code to the elementary stream. */
  headerBytes: number;
}

/** Bytes before the optional fields; PES_packet_length counts from byte 6. */
export const PES_FIXED_BYTES = 9;
export const PES_LENGTH_BASE = 6;

/**
 * Offsets, from the PES start code, of the time stamps. The splicer rewrites them in place: same size, new values.
 */
export const PES_PTS_OFFSET = 9;
export const PES_DTS_OFFSET = PES_FIXED_BYTES + TIMESTAMP_BYTES;

const PTS_FLAG = 0x80;
const DTS_FLAG = 0x40;

/** True when the header at `start` carries a DTS besides its PTS. */
export function hasDts(bytes: Uint8Array, start: number): boolean {
  return ((bytes[start + 7] ?? 0) & DTS_FLAG) !== 0;
}

/**
 * Reads the PES header in `bytes[start, end)`. Null when it is none, is cut short, or has no PTS: each access unit of the
 * house format has one, so its absence is damage.
 */
export function readPesHeader(bytes: Uint8Array, start: number, end: number): PesHeader | null {
  if (start + PES_FIXED_BYTES + TIMESTAMP_BYTES > end) return null;
  if (bytes[start] !== 0 || bytes[start + 1] !== 0 || bytes[start + 2] !== 1) return null;
  if (((bytes[start + 6] ?? 0) & 0xc0) !== 0x80) return null;
  const flags = bytes[start + 7] ?? 0;
  const headerDataLength = bytes[start + 8] ?? 0;
  const withDts = (flags & DTS_FLAG) !== 0;
  const needed = withDts ? 2 * TIMESTAMP_BYTES : TIMESTAMP_BYTES;
  if ((flags & PTS_FLAG) === 0 || headerDataLength < needed || start + PES_FIXED_BYTES + headerDataLength > end)
    return null;
  if (!hasTimestampMarkers(bytes, start + PES_PTS_OFFSET)) return null;
  if (withDts && !hasTimestampMarkers(bytes, start + PES_DTS_OFFSET)) return null;
  const pts = readTimestamp(bytes, start + PES_PTS_OFFSET);
  return {
    streamId: bytes[start + 3] ?? 0,
    packetLength: ((bytes[start + 4] ?? 0) << 8) | (bytes[start + 5] ?? 0),
    pts,
    dts: withDts ? readTimestamp(bytes, start + PES_DTS_OFFSET) : pts,
    headerBytes: PES_FIXED_BYTES + headerDataLength,
  };
}
