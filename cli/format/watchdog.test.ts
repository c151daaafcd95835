import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchdogEntry, WatchdogStatus } from '../../core/contract/watchdog.ts';
import { formatWatchdog } from './watchdog.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const look = { columns: 120, paint: (_format: string, text: string) => text };
const entry: WatchdogEntry = {
  running: true,
  state: 'healthy',
  message: 'There is a picture.',
  consecutive_unhealthy: 0,
  last_healthy_time: NOW - 4_000,
  last_recovery_time: null,
  recovery_count: 0,
  check_interval: 30,
};
const status: WatchdogStatus = {
  watchdog_count: 2,
  watchdogs: {
    program_black: entry,
    return: { ...entry, state: 'unhealthy', consecutive_unhealthy: 4, message: 'The return cannot be watched.' },
  },
  restart_history: [
    { atMs: NOW, watchdog: 'return', action: 'reconnect', reason: 'The return cannot be watched.', outcome: 'done' },
  ],
  recovery_history: [{ layer: 1, watchdog: 'destination:a', fromMs: NOW, recoveryMs: 420, action: null }],
};

test('the ill ones come first, then what was done and what it took', () => {
  const text = formatWatchdog(status, look, NOW);
  assert.match(text, /WATCHDOG[^\n]*\nreturn +unhealthy ×4 [^\n]*\nprogram_black +healthy +4 s ago/);
  assert.match(text, /reconnect \(done\): The return cannot be watched\./);
  assert.match(text, /layer 1, destination:a: sound again after 0\.4 s/);
});

test('before the first round there is nothing to tell', () => {
  const nothing = { watchdog_count: 0, watchdogs: {}, restart_history: [], recovery_history: [] };
  assert.match(formatWatchdog(nothing, look, NOW), /not over yet/);
});
