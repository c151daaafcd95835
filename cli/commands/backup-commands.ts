import { Command } from 'commander';
import type { BackupReport, RestoreReport } from '../../core/contract/backup.ts';
import { StudioError } from '../../core/contract/errors.ts';
import { dataPaths } from '../../core/platform/data-paths.ts';
import { type CliContext, cliContext } from '../cli-context.ts';
import { confirm } from '../confirm.ts';
import { formatBackupReport, formatBackups, formatRestore } from '../format/backups.ts';
import { type StudioClient, withStudio } from '../studio-connection.ts';

/** Exit code of `backup verify` when the backup is not good. */
const CHECK_FAILED = 1;
const CHANNEL_ID = 'main';

/** `backup create|list|verify|restore`. All of them also work while no host runs. */
export function backupCommands(): Command {
  const group = new Command('backup').description('copies of the studio database: plans, queue, history, settings');

  group
    .command('create')
    .description('make a backup now')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const made = await withHostOr(
        cli,
        (studio) => studio.backups.create(),
        () => createOffline(cli),
      );
      cli.answer(made, `Made ${made.name}.`);
    });

  group
    .command('list')
    .description('the backups, newest first')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const { listBackups } = await import('../../core/store/backup/backup-folder.ts');
      const all = await listBackups(dataPaths(cli.dataDir).backups);
      cli.answer(all, formatBackups(all, cli, Date.now()));
    });

  group
    .command('verify')
    .description('unpack a backup and check every page of it; exit code 1 when it is not good')
    .argument('[name]', 'its name in the list', 'latest')
    .action(async (named: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      const report = await verifyOffline(cli, named);
      cli.answer(report, formatBackupReport(report));
      if (!report.good) process.exitCode = CHECK_FAILED;
    });

  group
    .command('restore')
    .description('put a backup in the place of the database; the channel stays on air')
    .argument('<name>', 'its name in the list, or `latest`')
    .option('--dry-run', 'only say what would happen')
    .option('-f, --force', 'do not ask')
    .action(async (named: string, options: { dryRun?: boolean; force?: boolean }, command: Command) => {
      const cli = cliContext(command);
      const dryRun = options.dryRun === true;
      if (!dryRun)
        await confirm(cli, options.force === true, `Replace the database of ${cli.dataDir} with "${named}"?`);
      const report = await withHostOr(
        cli,
        (studio) => studio.backups.restore({ name: named, dryRun, force: true }),
        () => restoreWithoutHost(cli, named, dryRun),
      );
      cli.answer(report, formatRestore(report));
    });

  return group;
}

/** The running host does it when there is one. One that is still starting is no reason to touch its database. */
async function withHostOr<T>(
  cli: CliContext,
  use: (studio: StudioClient) => Promise<T>,
  otherwise: () => Promise<T>,
): Promise<T> {
  try {
    return await withStudio(cli.dataDir, use);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'HOST_NOT_RUNNING') return otherwise();
    throw error;
  }
}

async function createOffline(cli: CliContext) {
  const { backups: folder, studioDb: database } = dataPaths(cli.dataDir);
  const [{ createBackup }, { listBackups }] = await Promise.all([
    import('../../core/store/backup/create-backup.ts'),
    import('../../core/store/backup/backup-folder.ts'),
  ]);
  const name = await createBackup({ database, folder, source: 'studio', kind: 'manual', nowMs: Date.now() });
  const made = (await listBackups(folder)).find((backup) => backup.name === name);
  if (made === undefined) throw new StudioError('INTERNAL', `the backup ${name} was made and is gone`);
  return made;
}

async function verifyOffline(cli: CliContext, named: string): Promise<BackupReport> {
  const { backups, work } = dataPaths(cli.dataDir);
  const [{ findBackup }, { verifyBackup }] = await Promise.all([
    import('../../core/store/backup/backup-folder.ts'),
    import('../../core/store/backup/verify-backup.ts'),
  ]);
  return verifyBackup(await findBackup(backups, named), work);
}

async function restoreWithoutHost(cli: CliContext, named: string, dryRun: boolean): Promise<RestoreReport> {
  const [{ restoreOffline }, { systemClock }, { createLogger }] = await Promise.all([
    import('../../core/host/restore-offline.ts'),
    import('../../core/platform/clock.ts'),
    import('../../core/platform/logger.ts'),
  ]);
  const log = createLogger('backup');
  log.level = 'error';
  return restoreOffline({
    ...{ paths: dataPaths(cli.dataDir), channelId: CHANNEL_ID, named, dryRun },
    ...{ clock: systemClock, log },
  });
}
