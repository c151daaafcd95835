import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AsRun, TimelineItem } from '../../../core/contract/queue.ts';
import { dropIndex, timelineSegments } from './segments.ts';

const item = (id: string, startsAtMs: number | null, state: TimelineItem['state'] = 'queued'): TimelineItem => ({
  id,
  assetId: `a-${id}`,
  title: id,
  durationMs: 10_000,
  state,
  origin: 'planner',
  startsAtMs,
  join: 'cut',
  locked: false,
  integratedLufs: null,
  palette: [],
});

const row = (id: string, startedAtMs: number, endedAtMs: number | null): AsRun => ({
  id,
  channelId: 'main',
  kind: 'asset',
  queueItemId: id,
  assetId: id,
  title: id,
  startedAtMs,
  endedAtMs,
  fromFrame: 0,
  toFrame: null,
  endReason: null,
});

test('history, then the queue; a row that still airs is the queue item itself', () => {
  const segments = timelineSegments(
    [row('now', 20_000, null), row('b', 10_000, 20_000), row('a', 0, 10_000)],
    [item('q0', 20_000, 'on_air'), item('q1', 30_000)],
    null,
    25_000,
  );
  assert.deepEqual(
    segments.map((segment) => [segment.key, segment.kind, segment.startMs, segment.endMs]),
    [
      ['aired-a', 'aired', 0, 10_000],
      ['aired-b', 'aired', 10_000, 20_000],
      ['q0', 'on_air', 20_000, 30_000],
      ['q1', 'queued', 30_000, 40_000],
    ],
  );
});

test('off air the queue is laid out from now on', () => {
  const segments = timelineSegments([], [item('q0', null), item('q1', null)], null, 1_000);
  assert.deepEqual(
    segments.map((segment) => segment.startMs),
    [1_000, 11_000],
  );
});

test('a dragged item lands before the item whose middle it has not passed', () => {
  const segments = timelineSegments(
    [],
    [item('q0', 0, 'on_air'), item('q1', 10_000), item('q2', 20_000), item('q3', 30_000)],
    null,
    5_000,
  );
  assert.equal(dropIndex(segments, 'q3', 2_000), 1);
  assert.equal(dropIndex(segments, 'q3', 24_000), 2);
  assert.equal(dropIndex(segments, 'q1', 26_000), 2);
  assert.equal(dropIndex(segments, 'q1', 99_000), 3);
});
