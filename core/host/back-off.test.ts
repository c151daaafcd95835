import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backOffMs } from './back-off.ts';

test('grows, is jittered, and never exceeds its limits', () => {
  const limits = { firstMs: 100, longestMs: 5000 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, dice) => {
      const delay = backOffMs(failures, () => dice, limits);
      assert.ok(delay >= limits.firstMs / 2 && delay <= limits.longestMs);
      assert.ok(backOffMs(failures + 1, () => dice, limits) >= delay);
    }),
  );
  assert.notEqual(
    backOffMs(3, () => 0.1, limits),
    backOffMs(3, () => 0.9, limits),
  );
});
