import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PreviewLook, PreviewWatchdog, type RebuildReason } from './preview-watchdog.ts';

const calm: Omit<PreviewLook, 'nowMs' | 'playedSeconds' | 'headSeconds'> = { hidden: false, ended: false, error: null };

/** Looks every 500 ms until there is a reason or `seconds` are over; says which and when. */
function watch(
  seconds: number,
  at: (second: number) => Partial<PreviewLook>,
): { reason: RebuildReason; second: number } | null {
  const dog = new PreviewWatchdog(0);
  for (let second = 0.5; second <= seconds; second += 0.5) {
    const look = { ...calm, nowMs: second * 1000, playedSeconds: second, headSeconds: second + 0.8, ...at(second) };
    const reason = dog.look(look);
    if (reason) return { reason, second };
  }
  return null;
}

test('a player that plays is left alone, until it is six hours old', () => {
  assert.equal(
    watch(600, () => ({})),
    null,
  );
  assert.equal(watch(6 * 3600 + 60, () => ({}))?.reason, 'age');
});

test('errors and the end of the stream are acted on at once', () => {
  assert.deepEqual(
    watch(60, (s) => (s >= 5 ? { error: 'NetworkError' } : {})),
    { reason: 'error', second: 5 },
  );
  assert.deepEqual(
    watch(60, (s) => (s >= 5 ? { ended: true } : {})),
    { reason: 'ended', second: 5 },
  );
});

test('no first picture within eight seconds, no data, and a picture that stands still', () => {
  assert.deepEqual(
    watch(60, () => ({ playedSeconds: 0, headSeconds: null })),
    { reason: 'no_data', second: 8.5 },
  );
  assert.deepEqual(
    watch(60, (s) => (s > 10 ? { headSeconds: 10.8, playedSeconds: Math.min(s, 10.8) } : {})),
    { reason: 'no_data', second: 14 },
  );
  assert.deepEqual(
    watch(60, (s) => (s > 10 ? { playedSeconds: 10 } : {})),
    { reason: 'stalled', second: 13 },
  );
  assert.equal(watch(60, (s) => (s > 10 ? { headSeconds: 10.8 } : {}))?.reason, 'no_data');
});

test('a player that stays far behind is rebuilt, one that catches up is not', () => {
  assert.equal(watch(60, (s) => (s > 10 ? { playedSeconds: s - 4 } : {}))?.reason, 'drift');
  assert.equal(
    watch(60, (s) => (s > 10 && s < 12 ? { playedSeconds: s - 4 } : {})),
    null,
  );
});

test('a hidden tab is left alone; on return a player far behind is rebuilt at once', () => {
  assert.equal(
    watch(60, (s) => (s > 10 ? { hidden: true, playedSeconds: 10 } : {})),
    null,
  );
  assert.deepEqual(
    watch(60, (s) => (s > 10 && s < 40 ? { hidden: true, playedSeconds: 10 } : s >= 40 ? { playedSeconds: 10 } : {})),
    { reason: 'returned', second: 40 },
  );
});
