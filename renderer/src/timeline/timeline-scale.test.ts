import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Segment, tickStepMs, ticks, visible } from './timeline-scale.ts';

test('labels keep their distance at every zoom', () => {
  for (const span of [15, 60, 360]) {
    for (const width of [320, 800, 1500, 3000]) {
      const pxPerMs = width / (span * 60_000);
      assert.ok(tickStepMs(pxPerMs) * pxPerMs >= 80, `${span} min on ${width} px`);
    }
  }
  assert.equal(tickStepMs(1400 / 3_600_000), 300_000);
});

test('marks are on round local times, also where the zone has half hours', () => {
  assert.deepEqual(ticks(0, 1_200_000, 600_000, 0), [0, 600_000, 1_200_000]);
  assert.deepEqual(ticks(0, 3_600_000, 3_600_000, -330), [1_800_000]);
});

test('only what meets the view is drawn', () => {
  const segments: Segment[] = Array.from({ length: 10_000 }, (_, index) => ({
    key: String(index),
    kind: 'queued',
    startMs: index * 10,
    endMs: index * 10 + 10,
  }));
  assert.deepEqual(
    visible(segments, 500, 530).map((segment) => segment.key),
    ['49', '50', '51', '52', '53'],
  );
  assert.deepEqual(visible(segments, -50, -10), []);
});
