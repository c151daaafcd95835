import { describeError } from '../../contract/errors.ts';
import { healthy, unhealthy, unknown, type Verdict } from '../verdict.ts';

export type DatabaseSight =
  /** `fault`: what `PRAGMA quick_check` said when it was not "ok"; null when it was, or was not run this time. */
  | { readonly state: 'read'; readonly tookMs: number; readonly fault: string | null }
  | { readonly state: 'failed'; readonly error: unknown };

const SLOW_MS = 2_000;
/** SQLite's primary result codes for a damaged file (sqlite.org/rescode.html). */
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** Can the database be read? Locked or slow is not its fault: that is looking that failed. */
export function checkDatabase(sight: DatabaseSight): Verdict {
  if (sight.state === 'failed') {
    const { error } = sight;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = describeError(error);
    return DAMAGED.test(code)
      ? unhealthy(`The database is damaged: ${message}.`)
      : unknown(`The database could not be read: ${message}.`);
  }
  if (sight.fault !== null) return unhealthy(`The database is damaged: ${sight.fault}.`);
  const took = `${sight.tookMs.toFixed(1)} ms`;
  return sight.tookMs > SLOW_MS
    ? unknown(`Reading the database took ${took}.`)
    : healthy(`The database answers in ${took}.`);
}
