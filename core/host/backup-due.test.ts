import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBackupDue } from './backup-due.ts';

const HOUR_MS = 3600_000;

test('due when there was none, after a day, in the quiet hour after half a day, and when the clock was wrong', () => {
  const now = 1_000 * HOUR_MS;
  const cases: [number | null, number, boolean][] = [
    [null, 15, true],
    [now - 23 * HOUR_MS, 15, false],
    [now - 24 * HOUR_MS, 15, true],
    [now - 11 * HOUR_MS, 4, false],
    [now - 12 * HOUR_MS, 4, true],
    [now - 12 * HOUR_MS, 5, false],
    [now + 30 * HOUR_MS, 15, true],
  ];
  for (const [last, hour, due] of cases) assert.equal(isBackupDue(last, now, hour), due, `${last} ${hour}`);
});
