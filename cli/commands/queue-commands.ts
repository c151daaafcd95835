import { Command } from 'commander';
import { StudioError } from '../../core/contract/errors.ts';
import { cliContext } from '../cli-context.ts';
import { formatQueue } from '../format/listings.ts';
import { pick } from '../pick.ts';
import { type StudioClient, withStudio } from '../studio-connection.ts';

type Where = 'end' | 'head' | { beforeId: string };
interface Place {
  head?: boolean;
  end?: boolean;
  before?: string;
}

const LONGEST_QUEUE = 20_000;
const LONGEST_LIBRARY = 1_000;

async function queueItem(studio: StudioClient, named: string): Promise<{ id: string; label: string }> {
  const { items } = await studio.queue.list({ limit: LONGEST_QUEUE });
  return pick(
    items.map(({ id, title }) => ({ id, label: title })),
    named,
    'queue item',
  );
}

async function asset(studio: StudioClient, named: string): Promise<{ id: string; label: string }> {
  const assets = await studio.assets.list({ limit: LONGEST_LIBRARY });
  return pick(
    assets.map(({ id, title }) => ({ id, label: title })),
    named,
    'asset',
  );
}

async function place(studio: StudioClient, options: Place): Promise<Where> {
  if ([options.head, options.end, options.before].filter(Boolean).length > 1)
    throw new StudioError('BAD_ARGUMENT', 'choose one of --head, --end and --before');
  if (options.head) return 'head';
  return options.before === undefined ? 'end' : { beforeId: (await queueItem(studio, options.before)).id };
}

const withPlace = (command: Command): Command =>
  command
    .option('--head', 'right after what is on air')
    .option('--end', 'at the end')
    .option('--before <item>', 'before this queue item');

/** `queue list|add|move|remove|play-next`. An item is named by its id, its place in the list, or its title. */
export function queueCommands(): Command {
  const queue = new Command('queue').description('what will air, in order');

  queue
    .command('list')
    .description('the queue with its expected times')
    .option('-n, --limit <count>', 'how many items', Number, 30)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const cli = cliContext(command);
      const result = await withStudio(cli.dataDir, (studio) => studio.queue.list({ limit }));
      cli.answer(result, formatQueue(result, cli, Date.now()));
    });

  withPlace(queue.command('add').description('queue an asset').argument('<asset>', 'its id, or its title')).action(
    async (named: string, options: Place, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { id: assetId, label } = await asset(studio, named);
        const { id } = await studio.queue.add({ assetId, where: await place(studio, options) });
        cli.answer({ id }, `Queued "${label}" (${id}).`);
      });
    },
  );

  withPlace(queue.command('move').description('move a queue item').argument('<item>')).action(
    async (named: string, options: Place, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { id, label } = await queueItem(studio, named);
        await studio.queue.move({ id, where: await place(studio, options) });
        cli.answer({ ok: true }, `Moved "${label}".`);
      });
    },
  );

  queue
    .command('remove')
    .description('take items out of the queue (the assets stay)')
    .argument('<item...>')
    .action(async (named: string[], _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { items } = await studio.queue.list({ limit: LONGEST_QUEUE });
        const known = items.map(({ id, title }) => ({ id, label: title }));
        const chosen = named.map((name) => pick(known, name, 'queue item'));
        const removed = [];
        for (const { id, label } of chosen) removed.push({ id, title: label, ...(await studio.queue.remove({ id })) });
        cli.answer({ removed }, removed.map(({ title }) => `Removed "${title}".`).join('\n'));
      });
    });

  queue
    .command('play-next')
    .description('let a queue item, or an asset of the library, follow what is on air')
    .argument('<item|asset>')
    .action(async (named: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { items } = await studio.queue.list({ limit: LONGEST_QUEUE });
        const queued = items.find(({ id }, index) => id === named || String(index + 1) === named);
        if (queued) {
          await studio.queue.move({ id: queued.id, where: 'head' });
          cli.answer({ id: queued.id }, `"${queued.title}" is next.`);
          return;
        }
        const { id: assetId, label } = await asset(studio, named);
        const { id } = await studio.queue.add({ assetId, where: 'head' });
        cli.answer({ id }, `"${label}" is next.`);
      });
    });

  return queue;
}
