import { resolve } from 'node:path';
import { Command } from 'commander';
import { cliContext } from '../cli-context.ts';
import { formatAssets, formatPlans } from '../format/listings.ts';
import { pick } from '../pick.ts';
import { withStudio } from '../studio-connection.ts';

/** `library list|add|remove`. */
export function libraryCommands(): Command {
  const group = new Command('library').description('the folders whose videos the channel shows');

  group
    .command('list')
    .description('the watched folders')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const { libraryFolders } = await withStudio(cli.dataDir, (studio) => studio.channel.get());
      const lines = libraryFolders.map(({ path }, index) => `${index + 1}  ${path}`);
      cli.answer(libraryFolders, lines.join('\n') || 'No folder yet. Add one: vvtvctl library add /path/to/videos');
    });

  group
    .command('add')
    .description('watch a folder: its videos are prepared and aired, new ones join by themselves')
    .argument('<folder>')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      const path = resolve(folder);
      const added = await withStudio(cli.dataDir, (studio) => studio.library.addFolder({ path }));
      cli.answer(added, `Watching ${path}.`);
    });

  group
    .command('remove')
    .description('stop watching a folder (no file is touched)')
    .argument('<folder>', 'its path, its place in the list, or its id')
    .action(async (named: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { libraryFolders } = await studio.channel.get();
        const known = libraryFolders.map(({ id, path }) => ({ id, label: path }));
        const byPath = known.find(({ label }) => label === resolve(named));
        const { id, label } = byPath ?? pick(known, named, 'library folder');
        await studio.library.removeFolder({ id });
        cli.answer({ ok: true, id }, `No longer watching ${label}.`);
      });
    });

  return group;
}

/** `plan list|retry`. */
export function planCommands(): Command {
  const group = new Command('plan').description('every video that was found, and how far it is');

  group
    .command('list')
    .description('plans, newest change first')
    .option('-s, --state <state...>', 'only these states, for example rejected failed')
    .option('-n, --limit <count>', 'how many', Number, 50)
    .action(async ({ state, limit }: { state?: string[]; limit: number }, command: Command) => {
      const cli = cliContext(command);
      const { parsePlanStates } = await import('../plan-states.ts');
      const states = parsePlanStates(state);
      const result = await withStudio(cli.dataDir, (studio) =>
        studio.plans.list({ limit, ...(states ? { states } : {}) }),
      );
      cli.answer(result, formatPlans(result, cli));
    });

  group
    .command('retry')
    .description('prepare a rejected or failed video once more')
    .argument('<plan>', 'its id, or its title')
    .action(async (named: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { plans } = await studio.plans.list({ limit: 1000, states: ['rejected', 'failed', 'expired'] });
        const { id, label } = pick(
          plans.map((plan) => ({ id: plan.id, label: plan.title })),
          named,
          'plan',
        );
        await studio.plans.retry({ id });
        cli.answer({ ok: true, id }, `Preparing "${label}" again.`);
      });
    });

  return group;
}

/** `asset list`. */
export function assetCommands(): Command {
  const group = new Command('asset').description('prepared videos, ready to air');
  group
    .command('list')
    .description('ready assets')
    .option('-n, --limit <count>', 'how many', Number, 200)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const cli = cliContext(command);
      const assets = await withStudio(cli.dataDir, (studio) => studio.assets.list({ limit }));
      cli.answer(assets, formatAssets(assets, cli));
    });
  return group;
}
