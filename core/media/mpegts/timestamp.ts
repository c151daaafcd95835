/**
 * Time stamps of MPEG-TS: PTS and DTS count a 90 kHz clock in 33 bits, so they wrap after 2^33 ticks = 26.5 hours
 * (ISO/IEC 13818-1 §2.4.3.7). A channel runs for months: everything inside the engine uses an unwrapped count (a double
 * holds 2^53 ticks, three thousand years) and the wrap happens only here, when bytes are written or read.
 *
 * JavaScript's bit operators work on 32 bits, hence the arithmetic with the top bits apart.
 */
export const TIMESTAMP_MODULUS = 2 ** 33;
const HALF = 2 ** 32;
const TWO_POW_30 = 2 ** 30;

export const TIMESTAMP_BYTES = 5;

const byteAt = (bytes: Uint8Array, offset: number): number => bytes[offset] ?? 0;

/** An unwrapped time as the 33 bits of the stream; negative times count back from the wrap. */
export function wrapTimestamp(ticks: number): number {
  const rest = ticks % TIMESTAMP_MODULUS;
  return rest < 0 ? rest + TIMESTAMP_MODULUS : rest;
}

/** The unwrapped time nearest to `reference` whose 33 bits are `wrapped`. */
export function unwrapTimestamp(wrapped: number, reference: number): number {
  const difference = wrapTimestamp(wrapped - reference);
  return reference + (difference >= HALF ? difference - TIMESTAMP_MODULUS : difference);
}

/** Reads the five bytes of a PTS or DTS field: 3 + 15 + 15 bits, with a marker bit after each. */
export function readTimestamp(bytes: Uint8Array, offset: number): number {
  return (
    ((byteAt(bytes, offset) >> 1) & 0x07) * TWO_POW_30 +
    ((byteAt(bytes, offset + 1) << 22) |
      ((byteAt(bytes, offset + 2) >> 1) << 15) |
      (byteAt(bytes, offset + 3) << 7) |
      (byteAt(bytes, offset + 4) >> 1))
  );
}

/** True when the three marker bits are set; a field without them is damage. */
export function hasTimestampMarkers(bytes: Uint8Array, offset: number): boolean {
  return (byteAt(bytes, offset) & byteAt(bytes, offset + 2) & byteAt(bytes, offset + 4) & 1) === 1;
}

/** Writes an unwrapped time into a PTS or DTS field and keeps the four prefix bits that say which of the two it is. */
export function writeTimestamp(bytes: Uint8Array, offset: number, ticks: number): void {
  const wrapped = wrapTimestamp(ticks);
  const high = Math.floor(wrapped / TWO_POW_30);
  const low = wrapped % TWO_POW_30;
  bytes[offset] = (byteAt(bytes, offset) & 0xf0) | (high << 1) | 1;
  bytes[offset + 1] = low >>> 22;
  bytes[offset + 2] = ((low >>> 14) & 0xfe) | 1;
  bytes[offset + 3] = (low >>> 7) & 0xff;
  bytes[offset + 4] = ((low << 1) & 0xfe) | 1;
}

/** Reads the 33-bit base of a program clock reference (§2.4.3.5); the 27 MHz extension is left out. */
export function readPcrBase(bytes: Uint8Array, offset: number): number {
  return (
    byteAt(bytes, offset) * 2 ** 25 +
    ((byteAt(bytes, offset + 1) << 17) |
      (byteAt(bytes, offset + 2) << 9) |
      (byteAt(bytes, offset + 3) << 1) |
      (byteAt(bytes, offset + 4) >> 7))
  );
}

/** Writes a program clock reference on an exact 90 kHz tick: base = ticks, extension = 0, reserved bits = 1. */
export function writePcr(bytes: Uint8Array, offset: number, ticks: number): void {
  const wrapped = wrapTimestamp(ticks);
  const high = Math.floor(wrapped / 2 ** 25);
  const low = wrapped % 2 ** 25;
  bytes[offset] = high;
  bytes[offset + 1] = low >>> 17;
  bytes[offset + 2] = (low >>> 9) & 0xff;
  bytes[offset + 3] = (low >>> 1) & 0xff;
  bytes[offset + 4] = ((low & 1) << 7) | 0x7e;
  bytes[offset + 5] = 0;
}
