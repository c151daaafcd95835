import type { DiskForecast } from '../../contract/storage.ts';

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

const DAY_MS = 24 * 3600_000;
const FEWEST_SAMPLES = 6;
const SHORTEST_SPAN_MS = 6 * 3600_000;
/** Slower than this is noise of logs and journals. */
const STEADY_BYTES_PER_DAY = 10 * 2 ** 20;

/**
 * When the volume will be full: a least-squares line through the samples of free bytes (oldest first), followed from the
 * last one on. Unknown with fewer than six samples or less than six hours.
 */
export function forecastDisk(samples: readonly Sample[]): DiskForecast {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || samples.length < FEWEST_SAMPLES || last.atMs - first.atMs < SHORTEST_SPAN_MS)
    return { state: 'unknown', samples: samples.length };
  const meanDays = samples.reduce((sum, { atMs }) => sum + (atMs - first.atMs) / DAY_MS, 0) / samples.length;
  const meanValue = samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
  let products = 0;
  let squares = 0;
  for (const { atMs, value } of samples) {
    const days = (atMs - first.atMs) / DAY_MS - meanDays;
    products += days * (value - meanValue);
    squares += days * days;
  }
  const bytesPerDay = -products / squares;
  if (bytesPerDay < STEADY_BYTES_PER_DAY) return { state: 'steady', bytesPerDay };
  return { state: 'filling', bytesPerDay, fullAtMs: last.atMs + (Math.max(0, last.value) / bytesPerDay) * DAY_MS };
}
