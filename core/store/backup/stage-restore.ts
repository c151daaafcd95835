import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { BackupReport } from '../../contract/backup.ts';
import type { Destination } from '../../contract/destination.ts';
import { StudioError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import { STUDIO_MIGRATIONS } from '../migrations/migrate.ts';
import { destinationCommands } from '../writer/destination-commands.ts';
import { journalCommands } from '../writer/journal-commands.ts';
import { unpackBackup } from './unpack-backup.ts';
import { reportOn } from './verify-backup.ts';

/** A checked database beside the present one, ready to take its place. */
export interface StagedRestore {
  readonly path: string;
  readonly report: BackupReport;
  /** `seq` of the last journal line that the backup knows. */
  readonly journalCursor: number;
}

/**
 * Unpacks a backup beside the database (same volume, so that it can be renamed into place) and checks all of it.
 *
 * @throws StudioError `NOT_FOUND`, `DISK_FULL`, or `DATABASE_BROKEN` when the backup is not good; nothing is left behind.
 */
export async function stageRestore(backup: string, paths: DataPaths, channelId: string): Promise<StagedRestore> {
  const path = `${paths.studioDb}.restoring-${randomBytes(4).toString('hex')}`;
  await unpackBackup(backup, path);
  try {
    const report = await reportOn(basename(backup), path);
    if (!report.good)
      throw new StudioError('DATABASE_BROKEN', `${report.name} cannot be restored: ${report.problem}`, {
        detail: { path: backup },
      });
    return { path, report, journalCursor: withStaged(path, (db) => cursorOf(db, channelId)) };
  } catch (error) {
    await removeStaged(path);
    throw error;
  }
}

export interface CarriedOver {
  readonly channelId: string;
  /** Lines of the journal beyond the backup's cursor: what aired since is known before anything reads the database. */
  readonly journal: readonly JournalEntry[];
  /** Addresses of our own processes, which are as they are now and not as they were then. */
  readonly builtIn: readonly Destination[];
  /** The air is left as it is. */
  readonly onAirWanted: boolean | null;
}

/**
 * Brings the staged database up to what is true now whatever the backup says. With the schema of an earlier app nothing
 * is brought in here: the host does it after it migrated.
 */
export function carryOver(path: string, { channelId, journal, builtIn, onAirWanted }: CarriedOver): void {
  withStaged(path, (db) => {
    if (Number(db.pragma('user_version', { simple: true })) !== STUDIO_MIGRATIONS.length) return;
    const context = { studio: db, metrics: db, touch: () => undefined };
    db.pragma('foreign_keys = ON');
    db.transaction(() => {
      for (const destination of builtIn) destinationCommands['destination.put'].prepare({ destination })(context);
      journalCommands['journal.import'].prepare({ channelId, entries: journal })(context);
      if (onAirWanted === null) return;
      db.prepare('UPDATE channels SET on_air_wanted = ? WHERE id = ?').run(onAirWanted ? 1 : 0, channelId);
    })();
  });
}

/** Removes a staged database that is not wanted any more. */
export async function removeStaged(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(path + suffix, { force: true });
}

function cursorOf(db: Database, channelId: string): number {
  const row = db
    .prepare<[string], { seq: number }>('SELECT journal_cursor AS seq FROM channels WHERE id = ?')
    .get(channelId);
  if (row === undefined) throw new StudioError('DATABASE_BROKEN', `the backup knows no channel ${channelId}`);
  return row.seq;
}

/** Closing the last connection brings the write-ahead log into the file. */
function withStaged<T>(path: string, use: (db: Database) => T): T {
  const db = new SqliteDatabase(path, { fileMustExist: true });
  try {
    return use(db);
  } finally {
    db.close();
  }
}
