import { Command } from 'commander';
import { destinationUrlSchema } from '../../core/contract/destination.ts';
import { StudioError } from '../../core/contract/errors.ts';
import { type CliContext, cliContext } from '../cli-context.ts';
import { confirm } from '../confirm.ts';
import { formatDestinations, formatPreflight } from '../format/listings.ts';
import { pick } from '../pick.ts';
import { fromStdin } from '../stdin.ts';
import { type StudioClient, withStudio } from '../studio-connection.ts';

/** Exit code of `destination test` when a step failed. */
const TEST_FAILED = 1;

type Named = { id: string; label: string };

/** A command on one destination that is named by its id, its place in the list, or its name. */
async function onDestination(
  command: Command,
  named: string,
  act: (studio: StudioClient, destination: Named, cli: CliContext) => Promise<string>,
): Promise<void> {
  const cli = cliContext(command);
  await withStudio(cli.dataDir, async (studio) => {
    const all = await studio.destinations.list();
    const found = pick(
      all.map(({ id, name }) => ({ id, label: name })),
      named,
      'destination',
    );
    cli.answer({ ok: true, id: found.id }, await act(studio, found, cli));
  });
}

/** `destination list|add|remove|enable|disable|reconnect`. Stream keys go in and never come out. */
export function destinationCommands(): Command {
  const group = new Command('destination').description('where the channel is sent (RTMP, RTMPS, SRT)');

  group
    .command('list')
    .description('each destination with its state, rate and reconnects')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const all = await withStudio(cli.dataDir, (studio) => studio.destinations.list());
      cli.answer(all, formatDestinations(all, cli, Date.now()));
    });

  group
    .command('add')
    .description('send the channel to one more address')
    .argument('<name>', 'how it is called here, for example YouTube')
    .argument('<url>', 'rtmp://, rtmps:// or srt:// address with its stream key; - reads it from standard input')
    .action(async (name: string, url: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      const address = destinationUrlSchema.safeParse(url === '-' ? await fromStdin() : url);
      if (!address.success) throw new StudioError('BAD_ARGUMENT', address.error.issues[0]?.message ?? 'not an address');
      const added = await withStudio(cli.dataDir, (studio) => studio.destinations.add({ name, url: address.data }));
      cli.answer(added, `Added "${name}" (${added.id}).`);
    });

  group
    .command('remove')
    .description('forget a destination and its stream key')
    .argument('<destination>')
    .option('-f, --force', 'do not ask')
    .action((named: string, { force }: { force?: boolean }, command: Command) =>
      onDestination(command, named, async (studio, { id, label }, cli) => {
        await confirm(cli, force === true, `Remove "${label}" and forget its stream key?`);
        await studio.destinations.remove({ id, force: true });
        return `Removed "${label}".`;
      }),
    );

  for (const enabled of [true, false])
    group
      .command(enabled ? 'enable' : 'disable')
      .description(enabled ? 'send to it again' : 'stop sending to it, but keep it')
      .argument('<destination>')
      .action((named: string, _options: unknown, command: Command) =>
        onDestination(command, named, async (studio, { id, label }) => {
          await studio.destinations.setEnabled({ id, enabled });
          return `"${label}" is ${enabled ? 'enabled' : 'disabled'}.`;
        }),
      );

  group
    .command('reconnect')
    .description('drop its connection and connect again at once')
    .argument('<destination>')
    .action((named: string, _options: unknown, command: Command) =>
      onDestination(command, named, async (studio, { id, label }) => {
        await studio.destinations.reconnect({ id });
        return `Reconnecting "${label}".`;
      }),
    );

  group
    .command('test')
    .description('go the way there step by step: name, connection, greeting, publish; exit code 1 when one fails')
    .argument('<destination>', 'one of the list, or an address; - reads the address from standard input')
    .action(async (named: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      const url = destinationUrlSchema.safeParse(named === '-' ? await fromStdin() : named);
      const result = await withStudio(cli.dataDir, async (studio) => {
        if (url.success) return studio.destinations.test({ url: url.data });
        const all = (await studio.destinations.list()).map(({ id, name }) => ({ id, label: name }));
        return studio.destinations.test({ id: pick(all, named, 'destination').id });
      });
      cli.answer(result, formatPreflight(result.steps, cli));
      if (!result.ok) process.exitCode = TEST_FAILED;
    });

  return group;
}
