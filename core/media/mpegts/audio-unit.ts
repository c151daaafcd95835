import type { MediaUnit } from './media-unit.ts';
import { OUTPUT_AUDIO_PID, PACKET_BYTES, SYNC_BYTE, setPacketPid } from './packet.ts';
import { PES_FIXED_BYTES, PES_LENGTH_BASE } from './pes.ts';
import { TIMESTAMP_BYTES, writeTimestamp } from './timestamp.ts';

const HEADER_BYTES = 4;
const AUDIO_STREAM_ID = 0xc0;

/**
 * Packs one ADTS frame into transport packets the way the house muxer does: one PES, an adaptation field with
 * random_access_indicator in the first packet, and stuffing in an adaptation field where a packet would not be full
 * (ISO/IEC 13818-1 §2.4.3.5: payload always ends at the last byte of a packet).
 */
export function packAudioFrame(adts: Uint8Array, pts = 0): MediaUnit {
  const pes = Buffer.alloc(PES_FIXED_BYTES + TIMESTAMP_BYTES + adts.length);
  pes.set([0, 0, 1, AUDIO_STREAM_ID, 0, 0, 0x80, 0x80, TIMESTAMP_BYTES, 0x20]);
  pes.writeUInt16BE(pes.length - PES_LENGTH_BASE, 4);
  writeTimestamp(pes, PES_FIXED_BYTES, pts);
  pes.set(adts, PES_FIXED_BYTES + TIMESTAMP_BYTES);

  const packets: Buffer[] = [];
  for (let taken = 0; taken < pes.length; ) {
    const first = taken === 0;
    const room = PACKET_BYTES - HEADER_BYTES - (first ? 2 : 0);
    const payload = Math.min(room, pes.length - taken);
    const fieldBytes = PACKET_BYTES - HEADER_BYTES - payload;
    const packet = Buffer.alloc(PACKET_BYTES, 0xff);
    packet.set([SYNC_BYTE, first ? 0x40 : 0, 0, (fieldBytes > 0 ? 0x30 : 0x10) | (packets.length & 0x0f)]);
    setPacketPid(packet, 0, OUTPUT_AUDIO_PID);
    if (fieldBytes > 0) packet[HEADER_BYTES] = fieldBytes - 1;
    if (fieldBytes > 1) packet[HEADER_BYTES + 1] = first ? 0x40 : 0;
    pes.copy(packet, PACKET_BYTES - payload, taken, taken + payload);
    packets.push(packet);
    taken += payload;
  }
  return { type: 'unit', kind: 'audio', pts, dts: pts, key: true, offset: 0, packets: Buffer.concat(packets) };
}
