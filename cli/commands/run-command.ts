import { access, constants, mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { destinationUrlSchema, maskUrl } from '../../core/contract/destination.ts';
import { describeError, StudioError } from '../../core/contract/errors.ts';
import { type CliContext, cliContext } from '../cli-context.ts';
import { cliFailure, formatFailure } from '../cli-error.ts';
import { parsePort, parseProfile } from '../run-options.ts';

interface RunOptions {
  library?: string[];
  destination?: string[];
  open?: boolean;
  port?: number;
  name?: string;
  profile?: string;
  verbose?: boolean;
}

const PAGE_FOLDER = fileURLToPath(new URL('../../dist/renderer', import.meta.url));
const PACKAGE = new URL('../../package.json', import.meta.url);
const BANNER_WAIT_MS = 3_000;

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `vvtvctl run`: the host without a desktop, until it is asked to stop. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('start the studio: prepares videos, goes on air, serves the control room')
    .option('-l, --library <folder>', 'a folder of videos to show (may be repeated)', collect)
    .option('--destination <url>', 'an RTMP, RTMPS or SRT address to send to (may be repeated)', collect)
    .option('--open', 'open the control room in the browser')
    .option('--port <port>', 'port of the control room (default: the one of the last run)', parsePort)
    .option('--name <name>', 'name of the channel')
    .option('--profile <json>', 'house format, as JSON or a JSON file, for example \'{"width":1920,"height":1080}\'')
    .option('--verbose', 'show every log line on the terminal')
    .action((options: RunOptions, command: Command) => run(options, cliContext(command)));
}

async function run(options: RunOptions, cli: CliContext): Promise<void> {
  await makeDataFolder(cli.dataDir);
  const folders = await Promise.all((options.library ?? []).map(folder));
  const addresses = (options.destination ?? []).map(address);
  const profile = await parseProfile(options.profile);
  // Heavy modules only now: `--help` and a wrong option answer at once.
  const [{ dataPaths }, { openRunLog }, { StudioHost }, { onStopSignals }] = await Promise.all([
    import('../../core/platform/data-paths.ts'),
    import('../run-log.ts'),
    import('../../core/host/studio-host.ts'),
    import('../../core/platform/stop-signals.ts'),
  ]);
  keepOnWithoutTerminal();
  const pretty = process.stderr.isTTY === true && !cli.json;
  using runLog = await openRunLog({ paths: dataPaths(cli.dataDir), pretty, verbose: options.verbose === true });
  process.on('uncaughtExceptionMonitor', (error) => runLog.log.fatal({ err: error }, 'the host failed'));
  const asked = Promise.withResolvers<string>();
  asked.promise.catch(() => undefined);
  let started: Host | null = null;
  // From now on: a Ctrl-C while everything is still being started must not leave half of it behind.
  const { killTree } = await import('../../core/platform/kill-tree.ts');
  using _signals = onStopSignals(
    (signal) => asked.resolve(signal),
    () => {
      for (const pid of started?.pids ?? []) killTree(pid, 'SIGKILL');
      process.exit(1);
    },
  );
  const host = await StudioHost.start({
    dataDir: cli.dataDir,
    version: await packageVersion(),
    log: runLog.log,
    onLogLine: runLog.line,
    pageFolder: PAGE_FOLDER,
    port: options.port,
    name: options.name,
    profile,
    onFatal: (error) => asked.reject(error),
    onShutdownAsked: () => asked.resolve('vvtvctl'),
  });
  started = host;
  try {
    for (const path of folders) await host.addLibraryFolder(path);
    for (const url of addresses) await host.addDestination(new URL(url).hostname || maskUrl(url), url);
    await greet(host, cli, options.open === true);
    const reason = await asked.promise;
    runLog.log.info({ reason }, 'graceful stop');
  } catch (error) {
    // Nothing can be stored any more: this host ends as in a crash, and the channel stays on air for the next one.
    if (error instanceof StudioError && error.code === 'INTERNAL') {
      runLog.log.fatal({ err: error }, 'the host gives up; the channel stays on air');
      console.error(formatFailure(cliFailure(error), cli.json));
      process.exit(cliFailure(error).exitCode);
    }
    await host.stop();
    throw error;
  }
  cli.remark('Going off air …');
  await host.stop();
  cli.remark('Off air. Nothing is left running.');
  runLog.log.info('stopped');
}

type Host = Awaited<ReturnType<typeof import('../../core/host/studio-host.ts')['StudioHost']['start']>>;

async function greet(host: Host, cli: CliContext, open: boolean): Promise<void> {
  const rtmpUrl = await host.untilPlayable(BANNER_WAIT_MS);
  const channel = host.channel();
  const { url: link } = host.createLink();
  const facts = {
    channelName: channel.name,
    link,
    rtmpUrl,
    dataDir: cli.dataDir,
    libraryFolders: channel.libraryFolders.map(({ path }) => path),
  };
  const { formatBanner } = await import('../format/banner.ts');
  const document = { ...facts, url: host.url, pid: process.pid, programUrl: channel.watch.programUrl };
  if (cli.json) console.log(JSON.stringify(document));
  else console.log(formatBanner(facts, (text) => cli.paint('bold', text)));
  if (!open) return;
  const { openInBrowser } = await import('../open-in-browser.ts');
  await openInBrowser(host.createLink().url).catch((error: unknown) =>
    cli.remark(`The browser could not be opened: ${describeError(error)}`),
  );
}

async function makeDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new StudioError('BAD_ARGUMENT', `--data ${path} is not a folder that can be written to`, { cause });
  }
}

async function folder(text: string): Promise<string> {
  const path = resolve(text);
  const info = await stat(path).catch(() => null);
  if (!info?.isDirectory()) throw new StudioError('BAD_ARGUMENT', `--library ${path} is not a folder that can be read`);
  return path;
}

function address(text: string): string {
  const url = destinationUrlSchema.safeParse(text);
  if (!url.success) throw new StudioError('BAD_ARGUMENT', url.error.issues[0]?.message ?? 'not an address');
  return url.data;
}

async function packageVersion(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const { version }: { version: string } = JSON.parse(await readFile(PACKAGE, 'utf8'));
  return version;
}

/** A closed terminal must not end the channel: neither by its signal nor by a failed write. */
function keepOnWithoutTerminal(): void {
  if (process.platform !== 'win32') process.on('SIGHUP', () => undefined);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
