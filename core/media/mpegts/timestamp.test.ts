import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  readPcrBase,
  readTimestamp,
  TIMESTAMP_MODULUS,
  unwrapTimestamp,
  wrapTimestamp,
  writePcr,
  writeTimestamp,
} from './timestamp.ts';

const unwrapped = fc.integer({ min: 0, max: 2 ** 45 });

test('a PTS survives its bytes modulo 2^33 and leaves the prefix alone', () => {
  fc.assert(
    fc.property(unwrapped, fc.integer({ min: 0, max: 15 }), (ticks, prefix) => {
      const bytes = new Uint8Array([prefix << 4, 0, 0, 0, 0]);
      writeTimestamp(bytes, 0, ticks);
      assert.equal(readTimestamp(bytes, 0), ticks % TIMESTAMP_MODULUS);
      assert.equal((bytes[0] ?? 0) >> 4, prefix);
    }),
  );
});

test('the bytes are those of the standard for a known value', () => {
  const bytes = new Uint8Array([0x20, 0, 0, 0, 0]);
  writeTimestamp(bytes, 0, 2 ** 33 - 1);
  assert.deepEqual([...bytes], [0x2f, 0xff, 0xff, 0xff, 0xff]);
});

test('a PCR survives its bytes', () => {
  fc.assert(
    fc.property(unwrapped, (ticks) => {
      const bytes = new Uint8Array(6);
      writePcr(bytes, 0, ticks);
      assert.equal(readPcrBase(bytes, 0), ticks % TIMESTAMP_MODULUS);
      assert.equal((bytes[4] ?? 0) & 0x7e, 0x7e);
    }),
  );
});

test('unwrapping finds the nearest time on either side of the wrap', () => {
  fc.assert(
    fc.property(unwrapped, fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), (reference, difference) => {
      const ticks = reference + difference;
      assert.equal(unwrapTimestamp(wrapTimestamp(ticks), reference), ticks);
    }),
  );
});
