import { Command, CommanderError } from 'commander';
import { ERRORS, StudioError } from '../core/contract/errors.ts';
import { cliFailure, formatFailure } from './cli-error.ts';
import { addAirCommands } from './commands/air-commands.ts';
import { alertCommands } from './commands/alert-commands.ts';
import { backupCommands } from './commands/backup-commands.ts';
import { destinationCommands } from './commands/destination-commands.ts';
import { healthCommands } from './commands/health-commands.ts';
import { incidentCommands } from './commands/incident-commands.ts';
import { assetCommands, libraryCommands, planCommands } from './commands/library-commands.ts';
import { queueCommands } from './commands/queue-commands.ts';
import { addRunCommand } from './commands/run-command.ts';
import { storageCommands } from './commands/storage-commands.ts';
import { watchdogCommands } from './commands/watchdog-commands.ts';

const EXAMPLES = `
Examples:
  vvtvctl run --library ~/Videos          start the channel with a folder of videos
  vvtvctl status                          what is on air
  vvtvctl queue play-next "Night Tram"    let it follow what is on air
  vvtvctl destination add YouTube -       send to YouTube; the address is read from standard input
  vvtvctl emergency on                    put the emergency loop on air at once
  vvtvctl plan list -s rejected           which videos were refused, and why
  vvtvctl backup restore latest           go back to the newest backup, on air or not
  vvtvctl off-air                         go off air and stop everything

Exit codes: 0 done · 1 defect or a failed check · 2 wrong argument · 3 not found · 4 not allowed · 5 conflict or locked
  6 not confirmed · 7 host runs already · 8 host or broadcaster not reachable · 9 off air · 10 tool missing or failed
  11 too slow · 12 media refused · 13 disk full · 14 database`;

/** The command line without its process: commands, options, help. */
export function buildProgram(json = false): Command {
  const program = new Command('vvtvctl')
    .description('VoulezVous TV: a TV channel that runs itself')
    .option('--data <folder>', 'data folder of the studio (default: the usual one of this system, or $VVTV_DATA)')
    .option('--json', 'machine-readable answers on stdout, errors as JSON on stderr')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(`vvtvctl --help` shows what there is)')
    .exitOverride();
  addRunCommand(program);
  addAirCommands(program);
  for (const group of [
    queueCommands(),
    destinationCommands(),
    libraryCommands(),
    planCommands(),
    assetCommands(),
    healthCommands(),
    backupCommands(),
    incidentCommands(),
    alertCommands(),
    storageCommands(),
    watchdogCommands(),
  ])
    program.addCommand(group);
  program
    .command('warm', { hidden: true })
    .description('compile everything once, for a quick first start')
    .action(async () => {
      const { warmCompileCache } = await import('./warm-compile-cache.ts');
      await warmCompileCache();
    });
  for (const command of everyCommand(program)) {
    command.exitOverride().configureHelp({ showGlobalOptions: true });
    if (json) command.configureOutput({ writeErr: () => undefined });
  }
  return program;
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Runs the command line; sets the exit code of the error table. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  try {
    await buildProgram(json).parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return;
      process.exitCode = ERRORS.BAD_ARGUMENT.exitCode;
      // For people, commander has printed its own sentence already.
      const refusal = new StudioError('BAD_ARGUMENT', error.message.replace(/^error: /, ''));
      if (json) console.error(formatFailure(cliFailure(refusal), json));
      return;
    }
    const failure = cliFailure(error instanceof RangeError ? Object.assign(error, { code: 'BAD_ARGUMENT' }) : error);
    process.exitCode = failure.exitCode;
    console.error(formatFailure(failure, json));
  }
}
