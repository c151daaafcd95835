import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from './server-clock.ts';

test('the delay of messages is not taken for a difference of clocks', () => {
  let now = 1_000_000;
  const clock = new ServerClock(() => now);
  assert.equal(clock.now(), 1_000_000);
  clock.note(999_960);
  assert.equal(clock.skewMs, 0);
  now += 5_000;
  clock.note(1_004_400);
  assert.equal(clock.now(), now);
});

test('a machine that is minutes away shows the time of the studio', () => {
  const clock = new ServerClock(() => 1_000_000);
  clock.note(900_000);
  clock.note(899_400);
  assert.equal(clock.skewMs, 100_000);
  assert.equal(clock.now(), 900_000);
});
