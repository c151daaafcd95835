/**
 * CRC-32 of PSI sections (ISO/IEC 13818-1 Annex A): polynomial 0x04C11DB7, most significant bit first, start value all
 * ones, no final inversion. It is not the CRC-32 of zlib, which is bit-reflected and inverted.
 */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let remainder = index << 24;
  for (let bit = 0; bit < 8; bit++)
    remainder = (remainder & 0x80000000) !== 0 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  return remainder >>> 0;
});

/** CRC of `bytes[start, end)`. Over a whole section with its CRC the result is 0: that is how a section is checked. */
export function sectionCrc(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let offset = start; offset < end; offset++)
    crc = ((crc << 8) ^ (TABLE[((crc >>> 24) ^ (bytes[offset] ?? 0)) & 0xff] ?? 0)) >>> 0;
  return crc;
}
