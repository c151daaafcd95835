import { existsSync } from 'node:fs';
import { openForReading } from '../open-database.ts';

/** Samples of one series of metrics.sqlite since a time, oldest first; none when there is no such series or no database yet. */
export function readMetricSeries(
  metricsDb: string,
  series: string,
  sinceMs: number,
): { atMs: number; value: number }[] {
  if (!existsSync(metricsDb)) return [];
  const db = openForReading(metricsDb);
  try {
    return db
      .prepare<[string, number], { atMs: number; value: number }>(
        `SELECT at_ms AS atMs, value FROM samples JOIN series ON series.id = series_id
         WHERE name = ? AND at_ms >= ? ORDER BY at_ms`,
      )
      .all(series, sinceMs);
  } finally {
    db.close();
  }
}
