/** NAL unit types (ITU-T H.264 table 7-1). */
const NAL_SLICE = 1;
const NAL_IDR = 5;
const NAL_SPS = 7;
const NAL_PPS = 8;

export interface H264Headers {
  readonly sps: Uint8Array | null;
  readonly pps: Uint8Array | null;
  /** True when the first slice is one of an IDR picture. */
  readonly idr: boolean;
}

/**
 * Reads the parameter sets before the first slice of an Annex B access unit (ITU-T H.264 Annex B): NAL units stand
 * between start codes `00 00 01`, and zero bytes before a start code belong to it, not to the NAL unit.
 * Reading stops at the first slice, because slices are nearly all of the bytes.
 */
export function readH264Headers(stream: Uint8Array): H264Headers {
  let sps: Uint8Array | null = null;
  let pps: Uint8Array | null = null;
  let start = nextStartCode(stream, 0);
  while (start < stream.length) {
    const nal = start + 3;
    const type = (stream[nal] ?? 0) & 0x1f;
    if (type >= NAL_SLICE && type <= NAL_IDR) return { sps, pps, idr: type === NAL_IDR };
    const next = nextStartCode(stream, nal);
    let end = next;
    while (end > nal && stream[end - 1] === 0) end--;
    if (type === NAL_SPS) sps = stream.subarray(nal, end);
    if (type === NAL_PPS) pps = stream.subarray(nal, end);
    start = next;
  }
  return { sps, pps, idr: false };
}

function nextStartCode(stream: Uint8Array, from: number): number {
  for (let offset = from; offset + 3 <= stream.length; offset++)
    if (stream[offset] === 0 && stream[offset + 1] === 0 && stream[offset + 2] === 1) return offset;
  return stream.length;
}
