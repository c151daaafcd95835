import type { Command } from 'commander';
import { cliContext } from '../cli-context.ts';
import { confirm } from '../confirm.ts';
import { formatStatus } from '../format/status.ts';
import { pick } from '../pick.ts';
import { withStudio } from '../studio-connection.ts';
import { untilHostIsGone } from '../until-host-is-gone.ts';

const ON_OFF = ['on', 'off'] as const;

function onOff(text: string): boolean {
  if (!ON_OFF.some((word) => word === text)) throw new RangeError(`say on or off, not "${text}"`);
  return text === 'on';
}

/** `status`, `take`, `skip`, `hold`, `emergency`, `on-air`, `off-air`, `shutdown`, `rename`. */
export function addAirCommands(program: Command): void {
  program
    .command('status')
    .description('what is on air, what follows, and where it goes')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const [channel, status, destinations, queue, incidents] = await Promise.all([
          studio.channel.get(),
          studio.channel.status(),
          studio.destinations.list(),
          studio.queue.list({ limit: 1 }),
          studio.incidents.list({ open: true }),
        ]);
        const facts = { channel, status, destinations, queueItems: queue.total, incidents };
        cli.answer(facts, formatStatus(facts, cli, Date.now()));
      });
    });

  program
    .command('take')
    .description('cut now to a queue item, or to the next one')
    .argument('[item]', 'its id, its place in `queue list`, or its title')
    .action(async (named: string | undefined, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { items } = await studio.queue.list({ limit: 20_000 });
        const item =
          named === undefined
            ? null
            : pick(
                items.map((i) => ({ id: i.id, label: i.title })),
                named,
                'queue item',
              );
        await studio.program.take(item ? { queueItemId: item.id } : {});
        cli.answer({ ok: true }, item ? `Took "${item.label}".` : 'Took the next item.');
      });
    });

  program
    .command('skip')
    .description('end what is on air and go on with the next item')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, (studio) => studio.program.skip());
      cli.answer({ ok: true }, 'Skipped.');
    });

  program
    .command('hold')
    .description('repeat what is on air instead of ending it')
    .argument('<on|off>', 'on or off', onOff)
    .action(async (on: boolean, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, (studio) => studio.program.hold({ on }));
      cli.answer({ ok: true }, on ? 'Holding: what is on air repeats.' : 'Hold ended.');
    });

  program
    .command('emergency')
    .description('put the emergency loop on air at once, or go back to the programme')
    .argument('<on|off>', 'on or off', onOff)
    .action(async (on: boolean, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, (studio) => studio.program.emergency({ on }));
      cli.answer({ ok: true }, on ? 'The emergency loop is on air.' : 'Back to the programme.');
    });

  program
    .command('on-air')
    .description('go on air (a new channel does so by itself)')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, (studio) => studio.channel.onAir());
      cli.answer({ ok: true }, 'Going on air.');
    });

  program
    .command('off-air')
    .alias('shutdown')
    .description('go off air, stop the host and everything it started (the next `run` goes on air again)')
    .option('--keep-host', 'go off air only: the host keeps preparing, and stays off air until `on-air`')
    .option('-f, --force', 'do not ask')
    .action(async (options: { force?: boolean; keepHost?: boolean }, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, (studio) => studio.channel.get());
      await confirm(cli, options.force === true, 'Take the channel off air?');
      if (options.keepHost) {
        await withStudio(cli.dataDir, (studio) => studio.channel.offAir({ force: true }));
        cli.answer({ ok: true, host: 'running' }, 'Off air. The host keeps running.');
        return;
      }
      const gone = untilHostIsGone(cli.dataDir);
      await withStudio(cli.dataDir, (studio) => studio.channel.shutdown({ force: true }));
      cli.remark('Going off air …');
      await gone;
      cli.answer({ ok: true, host: 'stopped' }, 'Off air. Nothing is left running.');
    });

  program
    .command('rename')
    .description('change the name of the channel')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, (studio) => studio.channel.rename({ name }));
      cli.answer({ ok: true }, `The channel is called "${name}" now.`);
    });

  program
    .command('open')
    .description('print a one-time link to the control room, and open it in the browser')
    .option('--print', 'print the link only')
    .action(async (options: { print?: boolean }, command: Command) => {
      const cli = cliContext(command);
      const link = await withStudio(cli.dataDir, (studio) => studio.session.createLink());
      cli.answer(link, link.url);
      if (options.print || cli.json || !process.stdout.isTTY) return;
      const { openInBrowser } = await import('../open-in-browser.ts');
      await openInBrowser(link.url);
    });
}
