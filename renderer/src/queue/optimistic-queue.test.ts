import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TimelineItem } from '../../../core/contract/queue.ts';
import { applyEdits, firstFreeIndex, type QueueEdit, whereForIndex } from './optimistic-queue.ts';

function queueOf(count: number): TimelineItem[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    assetId: `a${index}`,
    title: `Item ${index}`,
    durationMs: 10_000,
    state: index === 0 ? 'on_air' : 'queued',
    origin: 'planner',
    startsAtMs: 1_000_000 + index * 9_000,
    join: 'crossfade',
    locked: index === 1,
    integratedLufs: -16,
    palette: [],
  }));
}

const ids = (items: readonly TimelineItem[]) => items.map((item) => item.id).join(' ');

test('a move shows at once, with new times and the new joins pending', () => {
  const edits: QueueEdit[] = [{ key: 1, settled: false, kind: 'move', id: 'q4', where: { beforeId: 'q2' } }];
  const items = applyEdits(queueOf(6), edits, 1_000);
  assert.equal(ids(items), 'q0 q1 q4 q2 q3 q5');
  assert.deepEqual(
    items.map((item) => item.startsAtMs),
    [1_000_000, 1_009_000, 1_018_000, 1_027_000, 1_036_000, 1_045_000],
  );
  assert.deepEqual(
    items.map((item) => item.join),
    ['crossfade', 'crossfade', 'pending', 'pending', 'crossfade', 'pending'],
  );
});

test('a removal closes the gap; an edit of an item that has gone changes nothing', () => {
  const server = queueOf(4);
  const removed = applyEdits(server, [{ key: 1, settled: true, kind: 'remove', id: 'q2' }], 1_000);
  assert.equal(ids(removed), 'q0 q1 q3');
  assert.equal(removed[2]?.startsAtMs, 1_018_000);
  assert.equal(applyEdits(server, [{ key: 1, settled: true, kind: 'remove', id: 'nobody' }], 1_000), server);
});

test('nothing goes in front of what is on air or locked, and locked items stay', () => {
  const items = queueOf(5);
  assert.equal(firstFreeIndex(items), 2);
  assert.deepEqual(whereForIndex(items, 'q4', 0), { beforeId: 'q2' });
  assert.equal(whereForIndex(items, 'q2', 0), null);
  assert.equal(whereForIndex(items, 'q1', 4), null);
  assert.equal(whereForIndex(items, 'q2', 4), 'end');
});

test('applying edits again to what they gave changes nothing (any sequence of moves to a place and removals)', () => {
  const edit = fc.record({ from: fc.nat(11), to: fc.nat(11), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (plan) => {
      const server = queueOf(12);
      for (const { from, to, remove } of plan) {
        const id = `q${from}`;
        const where = whereForIndex(server, id, to);
        if (!remove && !where) continue;
        const one: QueueEdit =
          remove || !where
            ? { key: 1, settled: true, kind: 'remove', id }
            : { key: 1, settled: true, kind: 'move', id, where };
        const once = applyEdits(server, [one], 1_000);
        assert.equal(ids(applyEdits(once, [one], 1_000)), ids(once));
        assert.equal(new Set(once.map((item) => item.id)).size, once.length);
      }
    }),
  );
});
