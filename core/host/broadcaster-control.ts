import { join } from 'node:path';
import type { BroadcasterCommand, BroadcasterRunFile } from '../contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { Topic } from '../contract/daemon-messages.ts';
import { describeError, StudioError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { isChannelOnAir } from './channel-on-air.ts';
import { coalesced } from './coalesced.ts';
import { BROADCASTER, daemonModule } from './detached-daemons.ts';
import { DetachedProcess } from './detached-process.ts';
import { waitForHouse } from './house-watch.ts';
import { JournalReader } from './journal-reader.ts';

export interface BroadcasterControlOptions {
  readonly paths: DataPaths;
  readonly channelId: string;
  readonly store: StoreClient;
  readonly reader: StudioReader;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** Null: it does not answer (any more). */
  readonly onStatus: (status: BroadcasterStatus | null) => void;
  readonly onAttached: () => void;
  readonly onLooping: (count: number) => void;
}

/** Changes that the broadcaster has to read again. */
const ITS_TOPICS: ReadonlySet<Topic> = new Set([
  'channel',
  'queue',
  'assets',
  'transitions',
  'destinations',
  'settings',
]);
const JOURNAL_EVERY_MS = 10_000;
/** Journal entries imported in one command. */
const IMPORT_ENTRIES = 500;

/** Keeps the broadcaster on air while that is wanted, imports its journal, and passes commands on. */
export class BroadcasterControl {
  readonly #options: BroadcasterControlOptions;
  readonly #process: DetachedProcess<BroadcasterRunFile, BroadcasterStatus>;
  readonly #journal: JournalReader;
  readonly #timer: NodeJS.Timeout;
  readonly #importJournal: () => Promise<void>;
  readonly #wakeNow: () => Promise<void>;
  #waiting: AbortController | null = null;
  #switching: AbortController | null = null;
  #seenOnAir = false;
  #importPaused = false;

  constructor(options: BroadcasterControlOptions) {
    this.#options = options;
    const { paths, channelId, log, clock, random } = options;
    this.#journal = new JournalReader(paths.journal, log);
    this.#importJournal = coalesced(() => this.#import());
    this.#wakeNow = coalesced(async () => {
      await this.#process.request({ name: 'wake' });
    });
    const importLogged = (): void => void this.#importLogged();
    this.#process = new DetachedProcess({
      ...BROADCASTER,
      place: { modulePath: daemonModule('broadcaster'), dataDir: paths.root, channelId },
      runFolder: paths.run,
      logFile: join(paths.logs, 'broadcaster.log'),
      log,
      clock,
      random,
      onAttached: (run, status) => {
        log.info({ broadcasterPid: run.pid, mode: status.mode }, 'attached to the broadcaster');
        this.#seenOnAir = true;
        options.onStatus(status);
        options.onAttached();
        importLogged();
        this.wake(['queue']);
        this.#switchFormat(status);
      },
      onStatus: (status) => options.onStatus(status),
      onJournal: importLogged,
      onLost: () => {
        log.warn('the broadcaster is gone');
        options.onStatus(null);
        importLogged();
      },
      onLooping: options.onLooping,
    });
    this.#timer = setInterval(importLogged, JOURNAL_EVERY_MS);
    this.#timer.unref();
  }

  get state() {
    return this.#process.state;
  }

  get seenOnAir(): boolean {
    return this.#seenOnAir;
  }

  get runFile(): BroadcasterRunFile | null {
    return this.#process.runFile;
  }

  report() {
    return this.#process.report();
  }

  /** Goes on air as soon as there is a picture to show: at first start the slate is still being rendered. */
  start(profileId: string): void {
    if (this.#waiting || this.#process.state !== 'idle') return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    isChannelOnAir(this.#options.paths)
      .then(async (on) => on || (await waitForHouse(this.#options.paths, profileId, waiting.signal)) !== null)
      .then((canStart) => {
        if (canStart && !waiting.signal.aborted) this.#process.start();
      })
      .catch((error: unknown) => {
        this.#options.log.error({ error: describeError(error) }, 'the house pieces cannot be read');
      })
      .finally(() => {
        if (this.#waiting === waiting) this.#waiting = null;
      });
  }

  /**
   * One engine plays one house format. When the channel has got another one, the engine is stopped as soon as the pieces of
   * the new format are complete, and the next one starts with them: viewers see one short interruption, never a mixture.
   */
  #switchFormat({ pid, profileId: onAir }: BroadcasterStatus): void {
    const { reader, channelId, paths, log } = this.#options;
    const wanted = reader.channel(channelId)?.profileId;
    if (onAir === undefined || wanted === undefined || wanted === onAir) return;
    log.warn({ onAir, wanted }, 'another house format is wanted: the channel starts anew when its pieces are ready');
    const waiting = new AbortController();
    this.#switching = waiting;
    waitForHouse(paths, wanted, waiting.signal, ({ emergency }) => emergency.length > 0)
      .then(async (house) => {
        if (!house || waiting.signal.aborted || this.#process.report().pid !== pid) return;
        await this.#process.request({ name: 'stop' });
      })
      .catch((error: unknown) => {
        log.error({ error: describeError(error) }, 'the house format could not be changed on air');
      });
  }

  /** Tells the broadcaster that something it reads has changed. */
  wake(topics: readonly Topic[]): void {
    if (this.#process.state !== 'attached' || !topics.some((topic) => ITS_TOPICS.has(topic))) return;
    this.#wakeNow().catch((error: unknown) => {
      this.#options.log.debug({ error: describeError(error) }, 'wake-up not delivered');
    });
  }

  /** Throws `OFF_AIR` when the channel is not meant to be on air, `BROADCASTER_UNREACHABLE` when it does not answer. */
  async command(command: BroadcasterCommand): Promise<void> {
    if (this.#process.state === 'idle') throw new StudioError('OFF_AIR', 'the channel is off air');
    await this.#process.request(command);
  }

  /** Replaces the broadcaster while it is this process; false when it is not any more, or the channel is off air. */
  replace(pid: number): Promise<boolean> {
    return this.#process.replace(pid);
  }

  /** Goes off air: stops the process and imports the end of its journal. */
  async stop(): Promise<void> {
    this.#waiting?.abort();
    this.#switching?.abort();
    await this.#process.stop();
    this.#seenOnAir = false;
    this.#options.onStatus(null);
    await this.#importLogged();
  }

  /** The database is being replaced: resolves when no import is under way, and none begins until {@link resumeImport}. */
  async pauseImport(): Promise<void> {
    this.#importPaused = true;
    await this.#importLogged();
  }

  /** Whatever database is there now catches up from its own cursor. */
  resumeImport(): void {
    this.#importPaused = false;
    this.#journal.rewind();
    void this.#importLogged();
  }

  /** Ends this host's part and leaves the channel on air. */
  async release(): Promise<void> {
    this.#waiting?.abort();
    this.#switching?.abort();
    clearInterval(this.#timer);
    await this.#process.release();
  }

  /** What cannot be imported now is imported later: the journal stays. */
  async #importLogged(): Promise<void> {
    try {
      await this.#importJournal();
    } catch (error) {
      this.#options.log.error({ error: describeError(error) }, 'the journal could not be imported');
    }
  }

  async #import(): Promise<void> {
    if (this.#importPaused) return;
    const { store, reader, channelId } = this.#options;
    const entries = await this.#journal.read(reader.journalCursor(channelId));
    try {
      for (let at = 0; at < entries.length; at += IMPORT_ENTRIES)
        await store.run('journal.import', { channelId, entries: entries.slice(at, at + IMPORT_ENTRIES) });
    } catch (error) {
      this.#journal.rewind();
      throw error;
    }
  }
}
