import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { describeError, StudioError } from '../../contract/errors.ts';

const LOGS = ['-wal', '-shm'] as const;
const BUSY_TIMEOUT_MS = 3000;

/**
 * Puts a staged database in the place of another one that nobody writes; the one before is kept as `aside` (with its
 * write-ahead log, when that could not be brought in). The path never stands empty: readers that have the old file open
 * go on reading it, whoever opens the path finds the old or the new one.
 *
 * The order matters. A new database must never meet the log of the old one, which SQLite would replay into it: so the old
 * log is first brought in completely, then taken away, and only then the file is replaced. A crash in between leaves the
 * old database, whole.
 */
export function swapDatabase(staged: string, path: string, aside: string): void {
  const bringIn = existsSync(path) ? emptyLog(path) : null;
  if (existsSync(path)) keep(path, aside);
  for (const log of LOGS) {
    if (!existsSync(path + log)) continue;
    if (bringIn !== null) keep(path + log, aside + log);
    rmSync(path + log, { force: true });
  }
  try {
    renameSync(staged, path);
  } catch (error) {
    if (existsSync(aside)) swapBack(path, aside);
    throw error;
  }
}

/** Takes a swap back: the new database did not open. */
export function swapBack(path: string, aside: string): void {
  for (const log of LOGS) rmSync(path + log, { force: true });
  for (const log of LOGS) if (existsSync(aside + log)) renameSync(aside + log, path + log);
  renameSync(aside, path);
}

/**
 * Null when the write-ahead log was brought into the database completely; else why not: then the database is broken.
 *
 * @throws StudioError `CONFLICT` when somebody is using the database such that it cannot be done now.
 */
function emptyLog(path: string): string | null {
  try {
    const db = new SqliteDatabase(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma('schema_version');
      const [state] = db.prepare<[], { busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)').all();
      if (state?.busy === 1) throw new StudioError('CONFLICT', `${path} is in use by another program`);
      return null;
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof StudioError) throw error;
    return describeError(error);
  }
}

/** A second name for the file; a copy where the file system has no links. */
function keep(path: string, aside: string): void {
  rmSync(aside, { force: true });
  try {
    linkSync(path, aside);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    copyFileSync(path, aside);
  }
}
