import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BROADCASTER_PROTOCOL_VERSION, type BroadcasterCommand } from '../contract/broadcaster-protocol.ts';
import { describeError, StudioError } from '../contract/errors.ts';
import { locateTools } from '../media/tools.ts';
import { systemClock } from '../platform/clock.ts';
import { type DataPaths, dataPaths } from '../platform/data-paths.ts';
import { localEndpoint } from '../platform/local-endpoint.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { onStopSignals } from '../platform/stop-signals.ts';
import { ControlServer } from './control-server.ts';
import { Engine } from './engine.ts';
import { FanOut } from './fan-out.ts';
import { GopCache } from './gop-cache.ts';
import { type HousePieces, loadHousePieces } from './house-pieces.ts';
import { JournalFile } from './journal-file.ts';
import { journalState } from './journal-state.ts';
import { Pusher } from './pusher.ts';
import { PusherSet } from './pusher-set.ts';
import { QueueSource } from './queue-source.ts';
import { newToken, readRunFile, removeRunFile, writeRunFile } from './run-file.ts';

/** How often a missing house manifest is looked for, ms: at the very first start it is still being rendered. */
const HOUSE_RETRY_MS = 200;

/**
 * The broadcaster: one process that keeps one channel on air, on its own. It needs the house manifest and nothing else;
 * without a database it shows the emergency loop, without a host it plays the queue it knows.
 *
 * `--data DIR --channel ID [--house FOLDER]`. Ends with 0 after `stop` or a stop signal, with 1 after an error that it
 * cannot go on from (the supervisor starts it again, and it resumes where the wall clock is).
 */
export async function broadcast(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' }, channel: { type: 'string', default: 'main' }, house: { type: 'string' } },
  });
  if (!values.data) throw new StudioError('BAD_ARGUMENT', 'the broadcaster needs --data DIR');
  const log = createLogger('broadcaster', { channel: values.channel });
  const fatal = (error: unknown): never => {
    log.fatal({ err: error }, 'the broadcaster cannot go on');
    process.exit(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  // A log that nobody reads any more must not end the channel.
  process.stderr.on('error', () => undefined);
  try {
    await goOnAir(dataPaths(values.data), values.channel, values.house ?? null, log);
  } catch (error) {
    fatal(error);
  }
}

async function goOnAir(paths: DataPaths, channelId: string, house: string | null, log: Logger): Promise<void> {
  const clock = systemClock;
  const before = await readRunFile(paths.run);
  const token = before?.token ?? newToken();
  mkdirSync(paths.run, { recursive: true, mode: 0o700 });
  const stopping = new AbortController();
  let engine: Engine | null = null;

  const control = new ControlServer({
    token,
    log,
    status: () => {
      if (!engine) throw new StudioError('OFF_AIR', 'the broadcaster is still starting');
      return engine.status();
    },
    run: async (command: BroadcasterCommand) => {
      if (command.name === 'stop') setImmediate(() => stopping.abort('stop'));
      else await engine?.run(command);
    },
  });
  const endpoint = localEndpoint(paths.run, 'broadcaster');
  await control.listen(endpoint);
  onStopSignals(
    (signal) => stopping.abort(signal),
    () => process.exit(1),
  );

  const journal = new JournalFile(paths.journal, log);
  const state = journalState(journal.found);
  const queue = new QueueSource(paths, channelId, log, state.aired);
  queue.refresh();
  const cache = new GopCache();
  const fanOut = new FanOut(token, cache, log);
  const ffmpeg = await locateFfmpeg(paths, queue);
  const createPusher = pusherFactory(ffmpeg, cache, log, () => control.pushStatus());
  const pushers = new PusherSet(createPusher, () => clock.wallMs());
  // Each pusher takes a tenth of a second to start and connect: meanwhile the first item is opened.
  pushers.update(queue.snapshot.destinations);

  const [fanoutPort, pieces] = await Promise.all([
    fanOut.listen(before?.fanoutPort ?? null),
    waitForHouse(() => house ?? channelHouse(paths, queue) ?? newestHouse(paths), log, stopping.signal),
  ]);
  if (pieces) {
    queue.takeOnly(pieces.house.identity.profileId);
    engine = new Engine({
      ...{ paths, channelId, houseFolder: pieces.folder, house: pieces.house, journal, state, queue, cache },
      ...{ fanOut, fanoutPort, pushers, clock, log },
      onStatus: () => control.pushStatus(),
      onJournal: () => control.pushJournal(),
    });
    await engine.start();
    const releaseRunFile = await writeRunFile(paths.run, log, {
      pid: process.pid,
      version: BROADCASTER_PROTOCOL_VERSION,
      endpoint,
      token,
      fanoutPort,
      startedAtMs: clock.wallMs(),
    });
    log.info({ fanoutPort, endpoint }, 'on air');
    await aborted(stopping.signal);
    await releaseRunFile();
    await engine.stop(`asked to by ${String(stopping.signal.reason)}`);
  }
  await control.close();
  await removeRunFile(paths.run, process.pid);
  log.info('off air');
  process.exit(0);
}

function pusherFactory(
  ffmpeg: string,
  cache: GopCache,
  log: Logger,
  onChange: () => void,
): ConstructorParameters<typeof PusherSet>[0] {
  return (destination) =>
    new Pusher({ destination, ffmpeg, cache, clock: systemClock, log, random: Math.random, onChange });
}

async function locateFfmpeg(paths: DataPaths, queue: QueueSource): Promise<string> {
  const setting = (key: string): string | undefined => {
    const value = queue.setting(key);
    return typeof value === 'string' ? value : undefined;
  };
  const { ffmpeg } = await locateTools({
    settings: { ffmpegPath: setting('ffmpegPath'), ffprobePath: setting('ffprobePath') },
    resourcesDir: fileURLToPath(new URL('../../resources', import.meta.url)),
    toolsFolder: paths.tools,
  });
  return ffmpeg;
}

/** The house folder of the channel's profile; null while the database cannot say which that is. */
function channelHouse(paths: DataPaths, queue: QueueSource): string | null {
  const profileId = queue.channelProfileId();
  return profileId === null ? null : paths.house(profileId);
}

/** The house folder whose manifest was written last, for a start without `--house` and without a database. */
function newestHouse(paths: DataPaths): string | null {
  const root = join(paths.root, 'house');
  try {
    const dated = readdirSync(root).flatMap((name) => {
      const manifest = statSync(join(root, name, 'manifest.json'), { throwIfNoEntry: false });
      return manifest ? [{ folder: join(root, name), writtenMs: manifest.mtimeMs }] : [];
    });
    return dated.sort((a, b) => b.writtenMs - a.writtenMs)[0]?.folder ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The house pieces as soon as they exist; null when the process is to stop before. */
async function waitForHouse(
  find: () => string | null,
  log: Logger,
  signal: AbortSignal,
): Promise<{ folder: string; house: HousePieces } | null> {
  let complained = '';
  while (!signal.aborted) {
    const folder = find();
    try {
      if (folder !== null) return { folder, house: await loadHousePieces(folder, log) };
    } catch (error) {
      const reason = describeError(error);
      if (reason !== complained) log.warn({ reason }, 'waiting for the house pieces');
      complained = reason;
    }
    await delay(HOUSE_RETRY_MS, null, { signal }).catch(() => undefined);
  }
  return null;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
