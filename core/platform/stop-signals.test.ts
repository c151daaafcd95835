import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onStopSignals, stopSignals } from './stop-signals.ts';

test('each platform has its stop signals', () => {
  assert.deepEqual(stopSignals('linux'), ['SIGINT', 'SIGTERM']);
  assert.deepEqual(stopSignals('darwin'), ['SIGINT', 'SIGTERM']);
  assert.deepEqual(stopSignals('win32'), ['SIGINT', 'SIGBREAK', 'SIGHUP']);
});

test('one keypress that arrives twice is one request; a later one forces', (t) => {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const seen: string[] = [];
  using _listening = onStopSignals(
    (signal) => seen.push(signal),
    () => seen.push('force'),
  );
  process.emit('SIGINT', 'SIGINT');
  nowMs = 5;
  process.emit('SIGTERM', 'SIGTERM');
  assert.deepEqual(seen, ['SIGINT']);
  nowMs = 1000;
  process.emit('SIGINT', 'SIGINT');
  assert.deepEqual(seen, ['SIGINT', 'force']);
});
