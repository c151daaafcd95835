import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextRetry } from './retry-policy.ts';

test('the first retry is immediate, delays grow up to a bound, the circuit opens after ten and never closes for good', () => {
  assert.deepEqual(nextRetry(1, Math.random), { delayMs: 0, circuitOpen: false });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, luck) => {
      const { delayMs, circuitOpen } = nextRetry(failures, () => luck);
      assert.equal(circuitOpen, failures >= 10);
      assert.ok(delayMs >= 187 && delayMs <= 75_000, `${delayMs} ms`);
    }),
  );
  const delays = [2, 3, 4, 5, 6].map((failures) => nextRetry(failures, () => 0.5).delayMs);
  assert.deepEqual(delays, [250, 500, 1000, 2000, 4000]);
});
