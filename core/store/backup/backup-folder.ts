import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup, BackupReport } from '../../contract/backup.ts';
import { StudioError } from '../../contract/errors.ts';
import { folderNames } from '../../platform/folder-names.ts';
import { parseBackupName } from './backup-name.ts';
import { backupsToDelete, newestFirst, type RotationCandidate } from './rotate-backups.ts';
import { verifyBackup } from './verify-backup.ts';

/** A temporary file that no running backup can still be writing. */
const STRAY_MS = 24 * 3600_000;

/** Backups of the studio database, newest first. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const all = (await candidates(folder)).filter(({ source }) => source === 'studio');
  return Promise.all(
    all.map(async ({ name, kind, atMs }) => ({ name, kind, atMs, bytes: (await stat(join(folder, name))).size })),
  );
}

/**
 * The path of a backup that a person named: `latest`, or a file name of the list.
 *
 * @throws StudioError `NOT_FOUND`; also for a name that points elsewhere.
 */
export async function findBackup(folder: string, named: string): Promise<string> {
  const all = await listBackups(folder);
  const found = named === 'latest' ? all[0] : all.find(({ name }) => name === named || name === `${named}.db.gz`);
  if (found === undefined) throw new StudioError('NOT_FOUND', `there is no backup "${named}" in ${folder}`);
  return join(folder, found.name);
}

/** The newest backup that stands a full check; null when there is none. */
export async function newestGoodBackup(folder: string, workFolder: string): Promise<BackupReport | null> {
  for (const { name } of await listBackups(folder)) {
    const report = await verifyBackup(join(folder, name), workFolder);
    if (report.good) return report;
  }
  return null;
}

/** Deletes what rotation gives up and what crashed backups left; answers the names of the backups that went. */
export async function rotateBackups(folder: string, workFolder: string, nowMs: number): Promise<string[]> {
  const good = await newestGoodBackup(folder, workFolder);
  const doomed = backupsToDelete(await candidates(folder), good?.name ?? null, nowMs).map(({ name }) => name);
  for (const name of doomed) await rm(join(folder, name), { force: true });
  for (const name of (await folderNames(folder)).filter((one) => /\.tmp(-wal|-shm)?$/.test(one))) {
    const { mtimeMs } = await stat(join(folder, name));
    if (nowMs - mtimeMs > STRAY_MS) await rm(join(folder, name), { force: true });
  }
  return doomed;
}

async function candidates(folder: string): Promise<RotationCandidate[]> {
  return (await folderNames(folder))
    .flatMap((name) => {
      const parsed = parseBackupName(name);
      return parsed === null ? [] : [{ name, ...parsed }];
    })
    .sort(newestFirst);
}
