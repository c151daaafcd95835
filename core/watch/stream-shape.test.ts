import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamShape } from './stream-shape.ts';

const frames = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ kind: 'video' as const, pts: from + n * 3000, key: n % 32 === 0 }));
const sounds = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ kind: 'audio' as const, pts: from + n * 1920, key: true }));

test('a regular stream has no holes, and rounding to milliseconds makes none', () => {
  const rounded = [...frames(64), ...sounds(100)].map((unit) => ({ ...unit, pts: Math.round(unit.pts / 90) * 90 }));
  const shape = streamShape(rounded, 30);
  assert.deepEqual(
    [shape.videoFrames, shape.audioFrames, shape.keyframes, shape.videoHoleMs, shape.audioHoleMs, shape.backSteps],
    [64, 100, 2, 0, 0, 0],
  );
  assert.ok(Math.abs(shape.endOffsetMs ?? 99) < 2);
});

test('holes, steps back and one-sided endings are measured', () => {
  const hole = streamShape([...frames(10), ...frames(10, 10 * 3000 + 45_000)], 30);
  assert.equal(hole.videoHoleMs, 500);
  assert.equal(hole.endOffsetMs, null);
  assert.equal(streamShape([...sounds(10), ...sounds(10)], 30).backSteps, 1);
  assert.equal(streamShape([...frames(60), ...sounds(10)], 30).endOffsetMs, 2000 - 640 / 3);
  assert.equal(streamShape([], 30).videoFrames, 0);
});
