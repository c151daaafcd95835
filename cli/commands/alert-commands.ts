import { Command, Option } from 'commander';
import type { z } from 'zod';
import { alertSettingsChangeSchema, alertTargetSchema } from '../../core/contract/alert.ts';
import { StudioError } from '../../core/contract/errors.ts';
import { severitySchema } from '../../core/contract/incident.ts';
import { cliContext } from '../cli-context.ts';
import { confirm } from '../confirm.ts';
import { formatAlerts } from '../format/incidents.ts';
import { pick } from '../pick.ts';
import { fromStdin } from '../stdin.ts';
import { type StudioClient, withStudio } from '../studio-connection.ts';

/** Exit code of `alerts test` when the receiver did not take the message. */
const NOT_DELIVERED = 1;

const FIELDS = `
Fields by kind (KEY=VALUE; KEY=- reads the value from standard input, so that it is in no shell history):
  webhook   url, secret (at least 16 characters; signs each message, see docs/alerts.md)
  telegram  botToken, chatId
  slack     url
  discord   url
  email     host, port (587), tls (starttls|implicit|none), user, password, from, to

Example:
  vvtvctl alerts add Team telegram chatId=-100123 botToken=- --from critical < token.txt`;

async function findChannel(studio: StudioClient, named: string): Promise<{ id: string; label: string }> {
  const { channels } = await studio.alerts.list();
  return pick(
    channels.map(({ id, name }) => ({ id, label: name })),
    named,
    'alert channel',
  );
}

/** `alerts list|add|remove|test|set`. Secrets go in and never come out. */
export function alertCommands(): Command {
  const group = new Command('alerts').description('who is told when something is wrong');

  group
    .command('list')
    .description('where alerts go, with the last delivery or error of each, and the rules')
    .action(async (_options: unknown, command: Command) => {
      const cli = cliContext(command);
      const all = await withStudio(cli.dataDir, (studio) => studio.alerts.list());
      cli.answer(all, formatAlerts(all, cli, Date.now()));
    });

  group
    .command('add')
    .description('tell one more place')
    .argument('<name>', 'how it is called here')
    .argument('<kind>', 'webhook, telegram, slack, discord or email')
    .argument('<field...>', 'KEY=VALUE, see below')
    .addOption(
      new Option('--from <severity>', 'the mildest that is told here')
        .choices(severitySchema.options)
        .default('warning'),
    )
    .addHelpText('after', FIELDS)
    .action(async (name: string, kind: string, fields: string[], options: { from: string }, command: Command) => {
      const cli = cliContext(command);
      const target = alertTargetSchema.safeParse({ kind, ...(await parseFields(fields)) });
      if (!target.success) throw new StudioError('BAD_ARGUMENT', issues(target.error));
      const minSeverity = severitySchema.parse(options.from);
      const added = await withStudio(cli.dataDir, (studio) =>
        studio.alerts.add({ name, target: target.data, minSeverity }),
      );
      cli.answer(added, `Added "${name}" (${added.id}). Try it: vvtvctl alerts test "${name}"`);
    });

  group
    .command('remove')
    .description('tell it nothing more and forget its secrets')
    .argument('<channel>')
    .option('-f, --force', 'do not ask')
    .action(async (named: string, { force }: { force?: boolean }, command: Command) => {
      const cli = cliContext(command);
      await withStudio(cli.dataDir, async (studio) => {
        const { id, label } = await findChannel(studio, named);
        await confirm(cli, force === true, `Remove "${label}" and forget its secrets?`);
        await studio.alerts.remove({ id, force: true });
        cli.answer({ ok: true, id }, `Removed "${label}".`);
      });
    });

  group
    .command('test')
    .description('send a test message now; exit code 1 when it was not taken')
    .argument('<channel>')
    .action(async (named: string, _options: unknown, command: Command) => {
      const cli = cliContext(command);
      const result = await withStudio(cli.dataDir, async (studio) =>
        studio.alerts.test({ id: (await findChannel(studio, named)).id }),
      );
      cli.answer(result, result.message);
      if (!result.ok) process.exitCode = NOT_DELIVERED;
    });

  group
    .command('set')
    .description('the rules for everybody')
    .option('--quiet <hours>', 'HH:MM-HH:MM in local time, or off: only critical incidents are told then')
    .option('--cooldown <minutes>', 'a fault that comes back within this time waits')
    .option('--failed-files <count>', 'so many in a row are a warning')
    .action(async (options: { quiet?: string; cooldown?: string; failedFiles?: string }, command: Command) => {
      const cli = cliContext(command);
      const [from, to] = options.quiet?.split('-') ?? [];
      const change = alertSettingsChangeSchema.safeParse({
        ...(options.quiet === undefined ? {} : { quietHours: options.quiet === 'off' ? null : { from, to } }),
        ...(options.cooldown === undefined ? {} : { cooldownMinutes: Number(options.cooldown) }),
        ...(options.failedFiles === undefined ? {} : { failedFilesInARow: Number(options.failedFiles) }),
      });
      if (!change.success) throw new StudioError('BAD_ARGUMENT', issues(change.error));
      const all = await withStudio(cli.dataDir, async (studio) => {
        await studio.alerts.configure(change.data);
        return studio.alerts.list();
      });
      cli.answer(all, formatAlerts(all, cli, Date.now()));
    });

  return group;
}

async function parseFields(fields: readonly string[]): Promise<Record<string, string>> {
  const parsed: Record<string, string> = {};
  for (const field of fields) {
    const [key = '', ...rest] = field.split('=');
    const value = rest.join('=');
    if (key === '' || value === '') throw new StudioError('BAD_ARGUMENT', `"${key}" is not of the form KEY=VALUE`);
    parsed[key] = value === '-' ? await fromStdin() : value;
  }
  return parsed;
}

const issues = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
