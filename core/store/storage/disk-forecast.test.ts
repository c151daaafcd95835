import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { forecastDisk } from './disk-forecast.ts';

const HOUR_MS = 3600_000;
const GIB = 2 ** 30;

const hourly = (count: number, free: (hour: number) => number) =>
  Array.from({ length: count }, (_, hour) => ({ atMs: 1e12 + hour * HOUR_MS, value: free(hour) }));

test('unknown while there is little to go by', () => {
  assert.deepEqual(forecastDisk([]), { state: 'unknown', samples: 0 });
  assert.deepEqual(forecastDisk(hourly(5, () => GIB)), { state: 'unknown', samples: 5 });
  const tenMinutes = Array.from({ length: 20 }, (_, n) => ({ atMs: n * 30_000, value: GIB - n }));
  assert.equal(forecastDisk(tenMinutes).state, 'unknown');
});

test('a straight line is followed to its end, also with noise on it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 12, max: 100 }),
      fc.integer({ min: 0, max: 1000 }),
      (gibPerDay, count, seed) => {
        const noise = (hour: number): number => (((hour * 7919 + seed) % 13) - 6) * 1e6;
        const samples = hourly(count, (hour) => 500 * GIB - (hour / 24) * gibPerDay * GIB + noise(hour));
        const forecast = forecastDisk(samples);
        assert.ok(forecast.state === 'filling');
        assert.ok(Math.abs(forecast.bytesPerDay / GIB - gibPerDay) < 0.2);
        const left = ((samples.at(-1)?.value ?? 0) / forecast.bytesPerDay) * 24 * HOUR_MS;
        assert.ok(Math.abs(forecast.fullAtMs - (samples.at(-1)?.atMs ?? 0) - left) < 1);
      },
    ),
  );
});

test('space that grows or stays is steady', () => {
  for (const samples of [hourly(24, () => GIB), hourly(24, (hour) => GIB * (1 + hour))])
    assert.equal(forecastDisk(samples).state, 'steady');
});
