import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { RestoreReport } from '../contract/backup.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { findBackup } from '../store/backup/backup-folder.ts';
import { runBackupTask } from '../store/backup/backup-tasks.ts';
import { removeStaged } from '../store/backup/stage-restore.ts';
import { isChannelOnAir } from './channel-on-air.ts';
import { acquireHostLock } from './host-lock.ts';
import { JournalReader } from './journal-reader.ts';
import { DatabaseReplacement } from './replace-database.ts';

export interface OfflineRestore {
  readonly paths: DataPaths;
  readonly channelId: string;
  readonly named: string;
  readonly dryRun: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Restores a backup while no host runs, for example because the database is broken. No host can start meanwhile; a
 * broadcaster that is on air goes on with what it knows and finds the new database by itself.
 *
 * @throws StudioError `HOST_RUNNING`, `NOT_FOUND`, `DATABASE_BROKEN` (the backup is not good), `DISK_FULL`; the database is then as it was.
 */
export async function restoreOffline(options: OfflineRestore): Promise<RestoreReport> {
  const { paths, channelId, named, dryRun, clock, log } = options;
  await mkdir(paths.root, { recursive: true });
  using _lock = await acquireHostLock(paths);
  const backup = await findBackup(paths.backups, named);
  const staged = await runBackupTask('stage', { backup, root: paths.root, channelId });
  try {
    if (dryRun) return await foresee(options, staged.journalCursor, staged.report);
    const onAirWanted = (await isChannelOnAir(paths)) ? true : null;
    const hadDatabase = existsSync(paths.studioDb);
    const carried = { channelId, builtIn: [], onAirWanted };
    const replacement = new DatabaseReplacement({ paths, staged, carried, clock, log });
    if (hadDatabase) await replacement.saveWhatIsThere();
    await replacement.replace();
    return await replacement.finish(hadDatabase);
  } finally {
    await removeStaged(staged.path);
  }
}

/** What a restore would do. */
export async function foresee(
  { paths, log }: Pick<OfflineRestore, 'paths' | 'log'>,
  journalCursor: number,
  restored: RestoreReport['restored'],
): Promise<RestoreReport> {
  const journal = await new JournalReader(paths.journal, log).read(journalCursor);
  return { dryRun: true, restored, preRestore: null, brokenKeptAs: null, journalEntries: journal.length };
}
