/**
 * The transport packet (ISO/IEC 13818-1 §2.4.3.2): 188 bytes, of which four are header.
 *
 *     byte 0  sync byte 0x47
 *     byte 1  transport_error_indicator · payload_unit_start_indicator · transport_priority · PID (high 5 bits)
 *     byte 2  PID (low 8 bits)
 *     byte 3  transport_scrambling_control (2) · adaptation_field_control (2) · continuity_counter (4)
 *
 * All functions take the buffer and the packet's offset instead of a slice: a channel moves two thousand packets a
 * second for months, and an object for each would be the largest cost of the engine.
 */
export const PACKET_BYTES = 188;
export const SYNC_BYTE = 0x47;

export const PAT_PID = 0x0000;
export const NULL_PID = 0x1fff;

/** PIDs of the channel's own output. The same as those of ffmpeg's muxer, but never assumed of an input. */
export const OUTPUT_PMT_PID = 0x1000;
export const OUTPUT_VIDEO_PID = 0x0100;
export const OUTPUT_AUDIO_PID = 0x0101;

/** The continuity counter counts modulo 16 (§2.4.3.3). */
export const CONTINUITY_MASK = 0x0f;

const TRANSPORT_ERROR = 0x80;
const UNIT_START = 0x40;
const HAS_ADAPTATION_FIELD = 0x20;
const HAS_PAYLOAD = 0x10;

const DISCONTINUITY = 0x80;
const RANDOM_ACCESS = 0x40;
const PCR_FLAG = 0x10;

/** Offset of the PCR inside a packet that has one: after header, adaptation_field_length and flags (§2.4.3.4). */
export const PCR_OFFSET = 6;

const byteAt = (bytes: Uint8Array, offset: number): number => bytes[offset] ?? 0;

export function packetPid(bytes: Uint8Array, packet: number): number {
  return ((byteAt(bytes, packet + 1) & 0x1f) << 8) | byteAt(bytes, packet + 2);
}

/** Rewrites the PID and keeps the three flag bits that share its first byte. */
export function setPacketPid(bytes: Uint8Array, packet: number, pid: number): void {
  bytes[packet + 1] = (byteAt(bytes, packet + 1) & 0xe0) | (pid >> 8);
  bytes[packet + 2] = pid & 0xff;
}

/** True when the demodulator or a relay before us found the packet uncorrectable. */
export function hasTransportError(bytes: Uint8Array, packet: number): boolean {
  return (byteAt(bytes, packet + 1) & TRANSPORT_ERROR) !== 0;
}

/** True when a PES packet or a PSI section starts in this packet. */
export function startsUnit(bytes: Uint8Array, packet: number): boolean {
  return (byteAt(bytes, packet + 1) & UNIT_START) !== 0;
}

export function hasPayload(bytes: Uint8Array, packet: number): boolean {
  return (byteAt(bytes, packet + 3) & HAS_PAYLOAD) !== 0;
}

export function continuityCounter(bytes: Uint8Array, packet: number): number {
  return byteAt(bytes, packet + 3) & CONTINUITY_MASK;
}

export function setContinuityCounter(bytes: Uint8Array, packet: number, counter: number): void {
  bytes[packet + 3] = (byteAt(bytes, packet + 3) & 0xf0) | (counter & CONTINUITY_MASK);
}

/** Flags of the adaptation field; 0 when there is none, or when it is the single stuffing byte (length 0). */
function adaptationFlags(bytes: Uint8Array, packet: number): number {
  return hasAdaptationField(bytes, packet) ? byteAt(bytes, packet + 5) : 0;
}

/** True on a packet that starts a keyframe (video) or a frame that decodes by itself (audio), §2.4.3.5. */
export function isRandomAccess(bytes: Uint8Array, packet: number): boolean {
  return (adaptationFlags(bytes, packet) & RANDOM_ACCESS) !== 0;
}

export function hasPcr(bytes: Uint8Array, packet: number): boolean {
  return (adaptationFlags(bytes, packet) & PCR_FLAG) !== 0;
}

/** True when the packet announces a jump of its counter or of the clock as intended. */
function announcesDiscontinuity(bytes: Uint8Array, packet: number): boolean {
  return (adaptationFlags(bytes, packet) & DISCONTINUITY) !== 0;
}

/** True when the packet has an adaptation field with flags in it. */
export function hasAdaptationField(bytes: Uint8Array, packet: number): boolean {
  return (byteAt(bytes, packet + 3) & HAS_ADAPTATION_FIELD) !== 0 && byteAt(bytes, packet + 4) > 0;
}

/** Announces a jump in a packet that has an adaptation field. */
export function markDiscontinuity(bytes: Uint8Array, packet: number): void {
  bytes[packet + 5] = byteAt(bytes, packet + 5) | DISCONTINUITY;
}

/** After restamping nothing jumps any more, so the announcement must go. A packet without adaptation field is untouched. */
export function clearDiscontinuity(bytes: Uint8Array, packet: number): void {
  if (announcesDiscontinuity(bytes, packet)) bytes[packet + 5] = byteAt(bytes, packet + 5) & ~DISCONTINUITY;
}

/**
 * Offset of the payload, from the start of the buffer. A result beyond `packet + 188` means that the adaptation field
 * claims more bytes than the packet has: the packet is damaged.
 */
export function payloadOffset(bytes: Uint8Array, packet: number): number {
  if ((byteAt(bytes, packet + 3) & HAS_ADAPTATION_FIELD) === 0) return packet + 4;
  return packet + 5 + byteAt(bytes, packet + 4);
}
