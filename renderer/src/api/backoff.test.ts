import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';

test('pauses double, are spread by a quarter, and stay near five seconds', () => {
  assert.equal(
    backoffMs(0, () => 0.5),
    300,
  );
  assert.equal(
    backoffMs(2, () => 0.5),
    1200,
  );
  assert.equal(
    backoffMs(50, () => 0.5),
    5000,
  );
  assert.equal(
    backoffMs(50, () => 0),
    3750,
  );
  assert.ok(backoffMs(50, () => 0.999) <= 6250);
});
