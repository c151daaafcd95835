import { StudioError } from '../contract/errors.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { runBackupTask } from '../store/backup/backup-tasks.ts';

/** The error of a start, with the newest good backup on offer when it is the database that is broken. */
export async function offerBackup(error: unknown, paths: DataPaths): Promise<unknown> {
  if (!(error instanceof StudioError) || error.code !== 'DATABASE_BROKEN') return error;
  const good = await runBackupTask('newestGood', { folder: paths.backups, workFolder: paths.work }).catch(() => null);
  const offer =
    good === null
      ? 'There is no good backup of it'
      : `The newest good backup is ${good.name} (${good.rows['as_run'] ?? 0} airings, ${good.rows['assets'] ?? 0} assets): vvtvctl backup restore ${good.name}`;
  const detail = { ...error.detail, newestGoodBackup: good?.name ?? null };
  return new StudioError(error.code, `${error.message}. ${offer}`, { detail, cause: error });
}
