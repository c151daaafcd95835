import { Command } from 'commander';
import { cliContext } from '../cli-context.ts';
import { confirm } from '../confirm.ts';
import { formatStorageClean, formatStorageReport } from '../format/storage.ts';
import { withStudio } from '../studio-connection.ts';

/** `storage report|clean`. */
export function storageCommands(): Command {
  const group = new Command('storage').description('what the data folder holds, and what may go');

  group
    .command('report')
    .description('space by folder, when the volume will be full, and what a cleaning would settle')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const report = await withStudio(cli.dataDir, (studio) => studio.storage.report());
      cli.answer(report, formatStorageReport(report, cli));
    });

  group
    .command('clean')
    .description('settle it now (the host does so by itself every six hours); library folders are never touched')
    .option('--dry-run', 'only say what would go')
    .option('-f, --force', 'do not ask')
    .action(async (options: { dryRun?: boolean; force?: boolean }, command: Command) => {
      const cli = cliContext(command);
      const dryRun = options.dryRun === true;
      const cleaned = await withStudio(cli.dataDir, async (studio) => {
        if (!dryRun) await confirm(cli, options.force === true, 'Remove what the report names?');
        return studio.storage.clean({ dryRun, force: true });
      });
      cli.answer(cleaned, formatStorageClean(cleaned, cli));
    });

  return group;
}
