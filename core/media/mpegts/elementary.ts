import { PACKET_BYTES, payloadOffset } from './packet.ts';
import { readPesHeader } from './pes.ts';

/** The elementary stream bytes of one access unit: its packets without transport and PES headers and stuffing. */
export function elementaryBytes(packets: Uint8Array): Uint8Array {
  const out = new Uint8Array(packets.length);
  let length = 0;
  for (let packet = 0; packet < packets.length; packet += PACKET_BYTES) {
    let start = payloadOffset(packets, packet);
    const end = packet + PACKET_BYTES;
    if (packet === 0) start += readPesHeader(packets, start, end)?.headerBytes ?? 0;
    if (start >= end) continue;
    out.set(packets.subarray(start, end), length);
    length += end - start;
  }
  return out.subarray(0, length);
}
