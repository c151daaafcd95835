import { basename, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { StudioError } from '../../contract/errors.ts';
import { createBackup } from '../backup/create-backup.ts';
import { METRICS_0001 } from './0001-metrics.ts';
import { STUDIO_0001 } from './0001-studio.ts';
import { STUDIO_0002 } from './0002-studio.ts';

/** The step with index n takes a database from `user_version` n to n + 1. */
export const STUDIO_MIGRATIONS: readonly string[] = [STUDIO_0001, STUDIO_0002];
export const METRICS_MIGRATIONS: readonly string[] = [METRICS_0001];

/** Throws `DATABASE_NEWER` when the database was written by a newer app. Touches nothing. */
export function refuseNewer(db: Database, migrations: readonly string[]): void {
  const version = schemaVersion(db);
  if (version <= migrations.length) return;
  throw new StudioError(
    'DATABASE_NEWER',
    `${basename(db.name)} has schema version ${version}, this app knows up to ${migrations.length}`,
    { detail: { path: db.name, version, known: migrations.length } },
  );
}

/**
 * Brings a database to the newest known schema: all pending steps in one transaction, after an automatic backup when the
 * database is not new. Returns the path of that backup, or null when none was needed.
 *
 * @throws StudioError `DATABASE_NEWER`; then nothing was touched.
 */
export async function migrate(
  db: Database,
  migrations: readonly string[],
  backups: string,
  nowMs: number,
): Promise<string | null> {
  refuseNewer(db, migrations);
  const from = schemaVersion(db);
  if (from === migrations.length) return null;
  const backup = from === 0 ? null : await backUp(db, backups, nowMs);
  db.transaction(() => {
    for (const step of migrations.slice(from)) db.exec(step);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
  return backup;
}

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

async function backUp(db: Database, folder: string, nowMs: number): Promise<string> {
  const source = basename(db.name).startsWith('metrics') ? 'metrics' : 'studio';
  return join(folder, await createBackup({ database: db.name, folder, source, kind: 'auto', nowMs }));
}
