import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BackupReport } from '../../contract/backup.ts';
import { StudioError } from '../../contract/errors.ts';
import { STUDIO_MIGRATIONS } from '../migrations/migrate.ts';
import { inspectDatabase } from './inspect-database.ts';
import { unpackBackup } from './unpack-backup.ts';

/**
 * Unpacks a backup of the studio database beside itself, checks all of it, and tells its schema version and rows.
 *
 * @throws StudioError `NOT_FOUND` when there is no such file, `DISK_FULL` when there is no room to unpack it. A bad backup is no error but a finding.
 */
export async function verifyBackup(path: string, workFolder: string): Promise<BackupReport> {
  await mkdir(workFolder, { recursive: true });
  const folder = await mkdtemp(join(workFolder, 'verify-backup-'));
  const unpacked = join(folder, 'studio.sqlite');
  const name = basename(path);
  try {
    await unpackBackup(path, unpacked);
    return await reportOn(name, unpacked);
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'DATABASE_BROKEN') throw error;
    return { name, good: false, problem: error.message, schemaVersion: null, databaseBytes: null, rows: {} };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What an unpacked backup holds, and whether this app can use it. */
export async function reportOn(name: string, unpacked: string): Promise<BackupReport> {
  const { size: databaseBytes } = await stat(unpacked);
  const { problem, schemaVersion, rows } = inspectDatabase(unpacked);
  const known = STUDIO_MIGRATIONS.length;
  const version = schemaVersion ?? 0;
  const foreign =
    version > known
      ? `schema version ${version} is newer than this app, which knows up to ${known}`
      : version < 1 || rows['channels'] === undefined
        ? 'it is no studio database'
        : null;
  const found = problem ?? foreign;
  return { name, good: found === null, problem: found, schemaVersion, databaseBytes, rows };
}
