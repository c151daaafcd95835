import { PACKET_BYTES, PAT_PID, payloadOffset, SYNC_BYTE } from './packet.ts';
import { sectionCrc } from './section-crc.ts';

/**
 * Program specific information (ISO/IEC 13818-1 §2.4.4): the PAT says on which PID the PMT of a programme is, the PMT
 * says on which PIDs its streams are. Both are tiny, and ours always fit one packet.
 */
const STREAM_TYPE_AAC_ADTS = 0x0f;
const STREAM_TYPE_H264 = 0x1b;

const PAT_TABLE_ID = 0x00;
const PMT_TABLE_ID = 0x02;
const PROGRAM_NUMBER = 1;

/** PIDs of the one programme of a stream. */
export interface ProgramPids {
  videoPid: number;
  audioPid: number;
  pcrPid: number;
}

/**
 * One packet with one section: payload_unit_start_indicator, pointer_field 0, the section with its CRC, and 0xff to the
 * end (§2.4.4.1 defines stuffing bytes after a section so). The continuity counter is 0: the splicer stamps it.
 */
function sectionPacket(pid: number, tableId: number, tableIdExtension: number, body: readonly number[]): Uint8Array {
  const packet = new Uint8Array(PACKET_BYTES).fill(0xff);
  const sectionLength = 5 + body.length + 4;
  packet.set([SYNC_BYTE, 0x40 | (pid >> 8), pid & 0xff, 0x10, 0]);
  packet.set(
    [
      tableId,
      // section_syntax_indicator 1, '0', two reserved ones, then the 12-bit length of what follows.
      0xb0 | (sectionLength >> 8),
      sectionLength & 0xff,
      tableIdExtension >> 8,
      tableIdExtension & 0xff,
      // reserved 11, version_number 0, current_next_indicator 1; then section_number and last_section_number.
      0xc1,
      0,
      0,
      ...body,
    ],
    5,
  );
  const crcOffset = 5 + 3 + sectionLength - 4;
  const crc = sectionCrc(packet, 5, crcOffset);
  packet.set([crc >>> 24, (crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff], crcOffset);
  return packet;
}

/** A PAT packet with one programme whose PMT is on `pmtPid` (§2.4.4.3). */
export function patPacket(pmtPid: number): Uint8Array {
  return sectionPacket(PAT_PID, PAT_TABLE_ID, 1, [0, PROGRAM_NUMBER, 0xe0 | (pmtPid >> 8), pmtPid & 0xff]);
}

/** A PMT packet with one H.264 and one AAC stream and no descriptors (§2.4.4.8). */
export function pmtPacket(pmtPid: number, pids: ProgramPids): Uint8Array {
  const pid = (value: number): number[] => [0xe0 | (value >> 8), value & 0xff];
  return sectionPacket(pmtPid, PMT_TABLE_ID, PROGRAM_NUMBER, [
    ...pid(pids.pcrPid),
    0xf0,
    0,
    STREAM_TYPE_H264,
    ...pid(pids.videoPid),
    0xf0,
    0,
    STREAM_TYPE_AAC_ADTS,
    ...pid(pids.audioPid),
    0xf0,
    0,
  ]);
}

/** The section of a packet that starts one, checked by its CRC; null when it is damaged or spans packets. */
function readSection(bytes: Uint8Array, packet: number, tableId: number): { start: number; end: number } | null {
  const payload = payloadOffset(bytes, packet);
  const start = payload + 1 + (bytes[payload] ?? 0);
  if (start + 3 > packet + PACKET_BYTES || bytes[start] !== tableId) return null;
  const end = start + 3 + ((((bytes[start + 1] ?? 0) & 0x0f) << 8) | (bytes[start + 2] ?? 0));
  if (end > packet + PACKET_BYTES || end < start + 12 || sectionCrc(bytes, start, end) !== 0) return null;
  return { start, end };
}

/** PID of the PMT of the first programme in a PAT packet (programme 0 is the network PID); null when unreadable. */
export function readPat(bytes: Uint8Array, packet: number): number | null {
  const section = readSection(bytes, packet, PAT_TABLE_ID);
  if (!section) return null;
  for (let offset = section.start + 8; offset + 4 <= section.end - 4; offset += 4) {
    const program = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
    if (program !== 0) return (((bytes[offset + 2] ?? 0) & 0x1f) << 8) | (bytes[offset + 3] ?? 0);
  }
  return null;
}

/** PIDs of the first H.264 and the first AAC stream in a PMT packet; null when unreadable or one is missing. */
export function readPmt(bytes: Uint8Array, packet: number): ProgramPids | null {
  const section = readSection(bytes, packet, PMT_TABLE_ID);
  if (!section) return null;
  const pidAt = (offset: number): number => (((bytes[offset] ?? 0) & 0x1f) << 8) | (bytes[offset + 1] ?? 0);
  const lengthAt = (offset: number): number => (((bytes[offset] ?? 0) & 0x0f) << 8) | (bytes[offset + 1] ?? 0);
  let videoPid: number | null = null;
  let audioPid: number | null = null;
  let offset = section.start + 12 + lengthAt(section.start + 10);
  while (offset + 5 <= section.end - 4) {
    if (bytes[offset] === STREAM_TYPE_H264) videoPid ??= pidAt(offset + 1);
    if (bytes[offset] === STREAM_TYPE_AAC_ADTS) audioPid ??= pidAt(offset + 1);
    offset += 5 + lengthAt(offset + 3);
  }
  if (videoPid === null || audioPid === null) return null;
  return { videoPid, audioPid, pcrPid: pidAt(section.start + 8) };
}
