import { parseArgs } from 'node:util';
import {
  type DaemonToHost,
  hostToDaemonSchema,
  type JobProgress,
  type ProcessSight,
  type Topic,
} from '../contract/daemon-messages.ts';
import { describeError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { type DataPaths, dataPaths } from '../platform/data-paths.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { createIpcStoreClient, type IpcStoreClient } from './ipc-store-client.ts';
import { startLoopHealth } from './loop-health.ts';
import { openStudioReader } from './open-studio-reader.ts';
import type { StudioReader } from './studio-reader.ts';

/** What a forked daemon works with. */
export interface DaemonContext {
  paths: DataPaths;
  channelId: string;
  /** Every change goes through here, to the host's writer thread. */
  store: StoreClient;
  /** A read-only connection of its own; the caller disposes of it. */
  openReader(): StudioReader;
  /** Calls back with those of `topics` that changed. The callback must not throw; async work is its own business. */
  onWake(topics: readonly Topic[], callback: (changed: Topic[]) => void): void;
  /** Replaces what the page shows of this daemon's running jobs. */
  reportProgress(jobs: JobProgress[]): void;
  /** What only the watchdog has to say. */
  tellHost(message: Extract<DaemonToHost, { type: 'watchdog' | 'ask' }>): void;
  /** Calls back with the studio's processes whenever the host tells them. The callback must not throw. */
  onProcesses(callback: (processes: readonly ProcessSight[]) => void): void;
  /** Aborted when the daemon has to end: asked to, or the host died. */
  signal: AbortSignal;
  /** Runs before the process exits, after the signal; it has a few seconds. */
  onStop(finish: () => Promise<void>): void;
  logger: Logger;
  clock: Clock;
}

export interface DaemonOptions {
  name: string;
  /** Resolves when the daemon is at work; the host is told `ready` then. */
  start(context: DaemonContext): Promise<void>;
}

const HEALTH_MS = 5000;
const PARENT_CHECK_MS = 2000;
/** Time to finish after a `stop` message, and after the host died. */
const STOP_DEADLINE_MS = 8000;
const ORPHAN_DEADLINE_MS = 3000;

/**
 * The frame of every forked daemon: `--data DIR --channel ID` in argv, IPC to the host, stop by message, and an end by
 * itself within seconds when the host is gone. Any unhandled error is logged and ends the process with exit code 1: the
 * host starts it again.
 */
export function runDaemon(options: DaemonOptions): void {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, channel: { type: 'string', default: 'main' } },
    strict: false,
  });
  const logger = createLogger(options.name, { channel: String(values.channel) });
  if (process.send === undefined || typeof values.data !== 'string') {
    logger.error(`${options.name} is started by the host, with an IPC channel and --data DIR`);
    process.exit(2);
  }
  const daemon = new DaemonProcess(options.name, dataPaths(values.data), String(values.channel), logger);
  daemon.run(options.start);
}

class DaemonProcess {
  readonly #abort = new AbortController();
  readonly #store: IpcStoreClient;
  readonly #finishers: (() => Promise<void>)[] = [];
  readonly #wakers: { topics: ReadonlySet<Topic>; callback: (changed: Topic[]) => void }[] = [];
  readonly #processListeners: ((processes: readonly ProcessSight[]) => void)[] = [];
  readonly #logger: Logger;
  readonly #context: DaemonContext;
  #ending = false;

  constructor(name: string, paths: DataPaths, channelId: string, logger: Logger) {
    this.#logger = logger;
    this.#store = createIpcStoreClient((message) => this.#send(message));
    this.#context = {
      paths,
      channelId,
      store: this.#store,
      openReader: () => openStudioReader(paths.studioDb),
      onWake: (topics, callback) => this.#wakers.push({ topics: new Set(topics), callback }),
      reportProgress: (jobs) => this.#send({ type: 'progress', jobs }),
      tellHost: (message) => this.#send(message),
      onProcesses: (callback) => this.#processListeners.push(callback),
      signal: this.#abort.signal,
      onStop: (finish) => this.#finishers.push(finish),
      logger,
      clock: systemClock,
    };
    process.title = `vvtv-${name}`;
  }

  run(start: (context: DaemonContext) => Promise<void>): void {
    process.on('message', (message) => this.#receive(message));
    process.on('disconnect', () => this.#end('the host closed the channel', ORPHAN_DEADLINE_MS));
    process.on('uncaughtException', (error) => this.#crash(error));
    process.on('unhandledRejection', (error) => this.#crash(error));
    // Ctrl-C in a terminal reaches the whole process group: the host decides what stops when.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => this.#end('terminated', STOP_DEADLINE_MS));
    this.#watchParent();
    const measure = startLoopHealth(systemClock);
    setInterval(() => this.#send({ type: 'health', report: measure() }), HEALTH_MS).unref();
    start(this.#context).then(
      () => {
        this.#send({ type: 'ready' });
        this.#send({ type: 'health', report: measure() });
      },
      (error: unknown) => {
        if (!this.#ending) this.#crash(error);
      },
    );
  }

  #receive(message: unknown): void {
    const parsed = hostToDaemonSchema.parse(message);
    if (parsed.type === 'storeResult') this.#store.accept(parsed);
    else if (parsed.type === 'stop') this.#end('asked to stop', STOP_DEADLINE_MS);
    else if (parsed.type === 'processes') for (const listener of this.#processListeners) listener(parsed.processes);
    else this.#wake(parsed.topics);
  }

  #wake(topics: readonly Topic[]): void {
    for (const { topics: wanted, callback } of this.#wakers) {
      const changed = topics.filter((topic) => wanted.has(topic));
      if (changed.length > 0 && !this.#ending) callback(changed);
    }
  }

  /** A channel that just closed is noticed by its `disconnect` event; sending into it is not a fault. */
  #send(message: DaemonToHost): void {
    if (process.connected) process.send?.(message, undefined, {}, () => {});
  }

  /** The IPC channel ends with the host; the pid is a second witness for the case that a grandchild keeps it open. */
  #watchParent(): void {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) this.#end('the host died', ORPHAN_DEADLINE_MS);
    }, PARENT_CHECK_MS).unref();
  }

  #end(reason: string, deadlineMs: number): void {
    if (!process.connected) this.#store.disconnected();
    if (this.#ending) return;
    this.#ending = true;
    this.#logger.info({ reason }, 'stopping');
    setTimeout(() => {
      this.#logger.warn({ deadlineMs }, 'not finished in time, exiting');
      process.exit(0);
    }, deadlineMs).unref();
    this.#abort.abort();
    void this.#finish();
  }

  async #finish(): Promise<void> {
    const results = await Promise.allSettled(this.#finishers.map((finish) => finish()));
    for (const result of results)
      if (result.status === 'rejected')
        this.#logger.warn({ reason: describeError(result.reason) }, 'not everything was put away');
    process.exit(0);
  }

  #crash(error: unknown): void {
    if (this.#ending) {
      this.#logger.warn({ reason: describeError(error) }, 'error while stopping');
      return;
    }
    this.#logger.error({ err: error }, 'unhandled error');
    process.exit(1);
  }
}
