import { Command } from 'commander';
import { cliContext } from '../cli-context.ts';
import { formatWatchdog } from '../format/watchdog.ts';
import { withStudio } from '../studio-connection.ts';

/** `watchdog status`. */
export function watchdogCommands(): Command {
  const group = new Command('watchdog').description('what looks after the channel, and what it did');
  group
    .command('status')
    .description('every check with its state, what was done lately, and how long recoveries took')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const status = await withStudio(cli.dataDir, (studio) => studio.health.watchdog());
      cli.answer(status, formatWatchdog(status, cli, Date.now()));
    });
  return group;
}
