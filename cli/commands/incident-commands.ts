import { Command } from 'commander';
import { cliContext } from '../cli-context.ts';
import { formatIncidents } from '../format/incidents.ts';
import { pick } from '../pick.ts';
import { withStudio } from '../studio-connection.ts';

/** `incident list|show`. */
export function incidentCommands(): Command {
  const group = new Command('incident').description('faults worth a person’s attention');

  group
    .command('list')
    .description('the newest incidents, open ones first')
    .option('--open', 'only those that are not over')
    .action(async ({ open }: { open?: boolean }, command: Command) => {
      const cli = cliContext(command);
      const all = await withStudio(cli.dataDir, (studio) => studio.incidents.list({ open: open === true }));
      cli.answer(all, formatIncidents(all, cli, Date.now()));
    });

  group
    .command('show')
    .description('everything about one incident: what was seen, what aired around it, what was done')
    .argument('<incident>', 'its id or its place in the list')
    .option('--markdown', 'as a postmortem in Markdown (this is also what is printed without --json)')
    .action(async (named: string, { markdown }: { markdown?: boolean }, command: Command) => {
      const cli = cliContext(command);
      const report = await withStudio(cli.dataDir, async (studio) => {
        const all = await studio.incidents.list({ limit: 1000 });
        const { id } = pick(
          all.map((one) => ({ id: one.id, label: one.message })),
          named,
          'incident',
        );
        return studio.incidents.get({ id });
      });
      if (markdown) process.stdout.write(report.markdown);
      else cli.answer(report, report.markdown);
    });

  return group;
}
