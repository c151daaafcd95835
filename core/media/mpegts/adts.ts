/**
 * ADTS header of an AAC frame (ISO/IEC 14496-3 §1.A.2.2): the fields that a house frame must show.
 *
 *     12 bits syncword 0xFFF · 1 ID · 2 layer · 1 protection_absent
 *     2 profile (1 = AAC-LC) · 4 sampling_frequency_index · 1 private · 3 channel_configuration · 2 original, home
 *     2 copyright bits · 13 aac_frame_length (header included) · 11 buffer fullness · 2 raw data blocks - 1
 */
export interface AdtsHeader {
  readonly profile: number;
  readonly samplingIndex: number;
  readonly channels: number;
  readonly frameBytes: number;
  /** AAC frames inside this ADTS frame; the house format has exactly one. */
  readonly blocks: number;
}

const ADTS_HEADER_BYTES = 7;
export const AAC_LC_PROFILE = 1;
/** sampling_frequency_index of 48000 Hz. */
export const INDEX_48_KHZ = 3;

/** Reads the header at the start of an ADTS frame; null when there is none. */
export function readAdtsHeader(frame: Uint8Array): AdtsHeader | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0] = frame;
  if (frame.length < ADTS_HEADER_BYTES || b0 !== 0xff || (b1 & 0xf6) !== 0xf0) return null;
  return {
    profile: b2 >> 6,
    samplingIndex: (b2 >> 2) & 0x0f,
    channels: ((b2 & 1) << 2) | (b3 >> 6),
    frameBytes: ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5),
    blocks: (b6 & 3) + 1,
  };
}
