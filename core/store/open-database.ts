import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { StudioError } from '../contract/errors.ts';

/**
 * Opens a database for the one writer: WAL, `synchronous=NORMAL` (a commit survives a killed process; a power cut may cost
 * the last moments but never consistency), foreign keys on. Creates the file when missing. Checking all pages reads the
 * whole file: about half a second for 100 MB.
 *
 * @throws StudioError `DATABASE_BROKEN` when it cannot be opened or fails the check; the file is kept as it is.
 */
export function openForWriting(path: string, check: 'all pages' | 'header'): Database {
  mkdirSync(dirname(path), { recursive: true });
  return open(path, () => {
    const db = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      const verdict = check === 'all pages' ? db.pragma('quick_check(1)', { simple: true }) : 'ok';
      if (verdict !== 'ok') throw new Error(String(verdict));
      db.pragma('schema_version');
      // Only a new database takes it: free pages can then be given back bit by bit.
      db.pragma('auto_vacuum = INCREMENTAL');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = NORMAL');
      db.pragma('foreign_keys = ON');
      db.pragma('temp_store = MEMORY');
      db.pragma('cache_size = -8192');
      db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Opens a database for reading only, on a connection of its own. In WAL mode it never blocks the writer nor waits for it.
 *
 * @throws StudioError `DATABASE_BROKEN` when it is missing or cannot be opened.
 */
export function openForReading(path: string): Database {
  return open(path, () => {
    const db = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma('query_only = ON');
      db.pragma('schema_version');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Never needed while one process writes; covers the instants in which SQLite itself recovers or removes the WAL. */
const BUSY_TIMEOUT_MS = 5000;

/** Pages in the WAL before a commit also checkpoints (4 KiB each): rare enough to keep commits short, 16 MiB of disk. */
const CHECKPOINT_PAGES = 4000;

function open(path: string, attempt: () => Database): Database {
  try {
    return attempt();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('DATABASE_BROKEN', `${basename(path)} cannot be used: ${reason}`, {
      detail: { path },
      cause: error,
    });
  }
}
