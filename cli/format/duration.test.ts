import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatClock, formatLength, formatRate, formatSpan } from './duration.ts';

test('spans and lengths', () => {
  const span = [0, 400, 42_000, 60_000, 133_000, 3600_000, 42_120_000, 86_400_000, 12 * 86_400_000 + 4 * 3600_000];
  assert.deepEqual(span.map(formatSpan), [
    '0 s',
    '0 s',
    '42 s',
    '1 m',
    '2 m 13 s',
    '1 h',
    '11 h 42 m',
    '1 d',
    '12 d 4 h',
  ]);
  assert.deepEqual([9000, 380_000, 3_723_000].map(formatLength), ['0:09', '6:20', '1:02:03']);
});

test('figures', () => {
  assert.deepEqual([512, 3_565_158, 227_633_266_688].map(formatBytes), ['512 B', '3.4 MiB', '212 GiB']);
  assert.deepEqual([null, 980, 3100].map(formatRate), ['–', '980 kb/s', '3.1 Mb/s']);
});

test('the weekday appears only for another day', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  assert.match(formatClock(now + 3600_000, now), /^\d\d:\d\d:\d\d$/);
  assert.match(formatClock(now + 86_400_000, now), /^Sat \d\d:\d\d:\d\d$/);
});
