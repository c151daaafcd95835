import { Command } from 'commander';
import { cliContext } from '../cli-context.ts';
import { formatPreflight, formatProcesses } from '../format/listings.ts';
import { withStudio } from '../studio-connection.ts';

/** Exit code of `health preflight` when a check failed. */
const CHECK_FAILED = 1;

/** `health preflight|processes`. */
export function healthCommands(): Command {
  const group = new Command('health').description('is everything in order?');

  group
    .command('preflight')
    .description('every check with its verdict; exit code 1 when one failed')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const checks = await withStudio(cli.dataDir, (studio) => studio.health.preflight());
      cli.answer(checks, formatPreflight(checks, cli));
      if (checks.some(({ verdict }) => verdict === 'failed')) process.exitCode = CHECK_FAILED;
    });

  group
    .command('processes')
    .description('every process of the studio with its state, memory and load')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const processes = await withStudio(cli.dataDir, (studio) => studio.health.processes());
      cli.answer(processes, formatProcesses(processes, cli));
    });

  return group;
}
