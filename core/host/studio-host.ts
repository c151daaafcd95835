import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BroadcasterCommand } from '../contract/broadcaster-protocol.ts';
import type { Channel, PreflightCheck } from '../contract/control-api.ts';
import { type Topic, topicSchema } from '../contract/daemon-messages.ts';
import { describeError } from '../contract/errors.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import type { OriginRunFile, OriginStatus } from '../contract/origin-protocol.ts';
import type { WatchdogStatus } from '../contract/watchdog.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { type DataPaths, dataPaths } from '../platform/data-paths.ts';
import { readHouseManifest } from '../platform/house-manifest.ts';
import { startLoopHealth } from '../store/loop-health.ts';
import type { ChannelRow, StudioReader } from '../store/studio-reader.ts';
import type { StoreWriter } from '../store/writer/store-writer.ts';
import { airState } from './air-state.ts';
import { addDestination } from './api/destination-procedures.ts';
import { addLibraryFolder } from './api/library-procedures.ts';
import { BackupDesk } from './backup-desk.ts';
import { BroadcasterControl } from './broadcaster-control.ts';
import { offerBackup } from './broken-database.ts';
import { isChannelOnAir } from './channel-on-air.ts';
import { ensureChannel } from './channel-setup.ts';
import { DaemonFleet } from './daemon-fleet.ts';
import type { DetachedProcess } from './detached-process.ts';
import { EmergencyWatch } from './emergency-watch.ts';
import { startDuties } from './host-duties.ts';
import { acquireHostLock } from './host-lock.ts';
import { hostRunFilePath, keepHostRunFile, writeHostRunFile } from './host-run-file.ts';
import { HttpServer } from './http/http-server.ts';
import { listenWhereLastTime } from './http/last-port.ts';
import { LINK_LIFE_MS, Sessions } from './http/sessions.ts';
import { Incidents } from './incidents.ts';
import { studioIngestTest } from './ingest/studio-ingest-test.ts';
import { MachineSampler } from './machine-sampler.ts';
import type { OpenedStudio } from './opened-studio.ts';
import { originProcess, putOriginDestination } from './origin-control.ts';
import { preflight } from './preflight.ts';
import { processReports } from './process-reports.ts';
import { Repeating } from './repeating.ts';
import { StorageKeeper } from './storage-keeper.ts';
import { StoreSwitch } from './store-switch.ts';
import type { ProcessReport, Studio } from './studio.ts';
import type { StudioHostOptions } from './studio-host-options.ts';
import { StudioView } from './studio-view.ts';
import { toolVersions } from './tool-versions.ts';
import { NO_WATCHDOGS, WatchdogDesk } from './watchdog-desk.ts';

const CHANNEL_ID = 'main';

/** The running studio: starts, supervises and serves everything. Made by {@link StudioHost.start}. */
export class StudioHost implements Studio {
  readonly channelId = CHANNEL_ID;
  readonly clock: Clock = systemClock;
  readonly store: StoreWriter;
  readonly reader: StudioReader;
  readonly view: StudioView;
  readonly backups: BackupDesk;
  readonly storage: StorageKeeper;
  readonly #options: StudioHostOptions;
  readonly #paths: DataPaths;
  readonly #lock: Disposable;
  readonly #token: string;
  readonly #sessions: Sessions;
  readonly #origin: DetachedProcess<OriginRunFile, OriginStatus>;
  readonly #broadcaster: BroadcasterControl;
  readonly #daemons: DaemonFleet;
  readonly #desk: WatchdogDesk;
  readonly #http: HttpServer;
  readonly #machine: MachineSampler;
  readonly #incidents: Incidents;
  readonly #measureLoop = startLoopHealth(systemClock);
  readonly #startedAtMs = systemClock.monotonicMs();
  readonly #duties: Repeating;
  #row: ChannelRow;
  #house: HouseManifest | null = null;
  #releaseRunFile = async (): Promise<void> => undefined;

  private constructor(options: StudioHostOptions, parts: OpenedStudio) {
    this.#options = options;
    this.#paths = parts.paths;
    this.#lock = parts.lock;
    this.#token = parts.token;
    this.#sessions = parts.sessions;
    this.#origin = parts.origin;
    this.store = parts.stores.writer;
    this.reader = parts.stores.reader;
    this.#row = parts.row;
    this.#machine = new MachineSampler(parts.paths.root);
    const { log } = options;
    this.#duties = new Repeating(log);
    const common = { channelId: CHANNEL_ID, store: this.store, reader: this.reader, clock: this.clock, log };
    this.#incidents = new Incidents(common);
    this.view = new StudioView({
      channelId: CHANNEL_ID,
      reader: this.reader,
      clock: this.clock,
      channel: () => this.channel(),
      machine: () => this.#machine.latest,
      watchdog: () => this.#desk.latest,
      onError: (error) => log.error({ error: describeError(error) }, 'the page’s read model failed'),
    });
    const emergency = new EmergencyWatch(this.#incidents, CHANNEL_ID);
    this.#broadcaster = new BroadcasterControl({
      ...common,
      paths: this.#paths,
      random: Math.random,
      onStatus: (status) => this.view.setStatus(emergency.take(status)),
      onAttached: () => this.#incidents.resolve('broadcaster_loop', 'broadcaster'),
      onLooping: (count) =>
        this.#incidents.open('broadcaster_loop', 'broadcaster', `The broadcaster died ${count} times in a row.`),
    });
    this.#daemons = new DaemonFleet({
      ...common,
      names: ['processor', 'planner', 'watch'],
      dataDir: this.#paths.root,
      onProgress: (name, jobs) => this.view.setProgress(name, jobs),
      onWatch: (message) => this.#desk.take(message),
      onLogLine: options.onLogLine,
      onGivenUp: (name, message) => this.#incidents.open('daemon_given_up', name, message),
    });
    this.#desk = new WatchdogDesk({
      log,
      broadcaster: this.#broadcaster,
      daemons: this.#daemons,
      processes: () => this.processes(),
      onStatus: () => this.view.touch('watchdog'),
    });
    this.backups = new BackupDesk({
      ...{ ...common, stores: parts.stores, incidents: this.#incidents },
      pause: () => Promise.all([this.#daemons.stop(), this.#broadcaster.pauseImport()]),
      resume: () => {
        this.#broadcaster.resumeImport();
        this.#changed(topicSchema.options);
        this.#daemons.start();
      },
    });
    const paths = this.#paths;
    this.storage = new StorageKeeper({ ...common, paths, incidents: this.#incidents, status: () => this.view.status });
    this.#http = new HttpServer({
      studio: this,
      paths: this.#paths,
      log,
      sessions: this.#sessions,
      token: this.#token,
      cookieName: `vvtv_${createHash('sha256').update(this.#paths.root).digest('hex').slice(0, 8)}`,
      pageFolder: options.pageFolder,
      fanout: () => {
        const run = this.#broadcaster.runFile;
        return run && this.view.status ? { port: run.fanoutPort, token: run.token } : null;
      },
    });
  }

  /**
   * Becomes the host of a data folder and brings everything up. What is needed on air is started first: the origin while
   * the database is still being opened, then the broadcaster, then everything that prepares.
   * Throws `HOST_RUNNING`, `DATABASE_NEWER`, `DATABASE_BROKEN`.
   */
  static async start(options: StudioHostOptions): Promise<StudioHost> {
    const paths = dataPaths(options.dataDir);
    const lock = await acquireHostLock(paths);
    const wasOnAir = await isChannelOnAir(paths);
    const opened = Promise.withResolvers<StudioHost>();
    /** For what may happen before everything is open; dropped when opening fails. */
    const whenOpen = (use: (host: StudioHost) => unknown): void => {
      opened.promise.then(use).catch((error: unknown) => options.log.error({ error: describeError(error) }, 'start'));
    };
    const origin = originProcess({
      paths,
      channelId: CHANNEL_ID,
      log: options.log,
      clock: systemClock,
      random: Math.random,
      onAttached: (run) => whenOpen((host) => host.#originAttached(run)),
      onLooping: (count) => {
        const message = `The RTMP origin died ${count} times in a row.`;
        whenOpen((host) => host.#incidents.open('origin_loop', 'origin', message));
      },
    });
    try {
      const token = randomBytes(24).toString('base64url');
      const run = { pid: process.pid, url: null, token, version: options.version, startedAtMs: systemClock.wallMs() };
      await writeHostRunFile(paths, run);
      origin.start();
      const onChanged = (topics: Topic[]): void => whenOpen((host) => host.#changed(topics));
      const [stores, sessions] = await Promise.all([
        StoreSwitch.open({ paths, logger: options.log, onChanged, onFailed: options.onFatal }),
        Sessions.open(join(paths.run, 'sessions.json'), systemClock, (error) =>
          options.log.error({ error: describeError(error) }, 'sessions could not be saved'),
        ),
      ]);
      const row = await ensureChannel(stores.writer, stores.reader, CHANNEL_ID, options);
      const host = new StudioHost(options, { paths, lock, token, sessions, origin, stores, row });
      opened.resolve(host);
      await host.#open(run, wasOnAir);
      return host;
    } catch (error) {
      opened.promise.catch(() => undefined);
      opened.reject(error);
      // A host that cannot start leaves things as it found them: on air if they were, else nothing running.
      await (wasOnAir ? origin.release() : origin.stop());
      const told = await offerBackup(error, paths);
      lock[Symbol.dispose]();
      throw told;
    }
  }

  get url(): string {
    return this.#http.url;
  }

  /** Loopback RTMP address to watch; null until the origin answered. */
  get playUrl(): string | null {
    return this.#origin.runFile?.playUrl ?? null;
  }

  /** The same once it is known, or null after a while. */
  async untilPlayable(deadlineMs: number): Promise<string | null> {
    const lastMs = this.clock.monotonicMs() + deadlineMs;
    while (this.playUrl === null && this.clock.monotonicMs() < lastMs) await delay(20);
    return this.playUrl;
  }

  addLibraryFolder(path: string): Promise<string> {
    return addLibraryFolder(this, path);
  }

  addDestination(name: string, url: string): Promise<string> {
    return addDestination(this, name, url);
  }

  channel(): Channel {
    const { name, profile, profileId, onAirWanted } = this.#row;
    const { state, seenOnAir } = this.#broadcaster;
    return {
      id: CHANNEL_ID,
      name,
      profile,
      profileId,
      air: airState({ wanted: onAirWanted, broadcaster: state, status: this.view.status, seenOnAir }),
      libraryFolders: this.reader.libraryFolders(CHANNEL_ID).map(({ id, path }) => ({ id, path })),
      watch: { rtmpUrl: this.playUrl, programUrl: `${this.url}/program.ts?token=${this.#sessions.watchToken}` },
      emergencyVerifiedAtMs: this.#house?.verifiedAtMs ?? null,
      dataDir: this.#paths.root,
      version: this.#options.version,
    };
  }

  command(command: BroadcasterCommand): Promise<void> {
    return this.#broadcaster.command(command);
  }

  async goOnAir(): Promise<void> {
    await this.store.run('channel.setOnAirWanted', { channelId: CHANNEL_ID, wanted: true });
    this.#reread();
    this.#broadcaster.start(this.#row.profileId);
    this.view.touch('channel');
  }

  async goOffAir(): Promise<void> {
    await this.store.run('channel.setOnAirWanted', { channelId: CHANNEL_ID, wanted: false });
    this.#reread();
    await this.#broadcaster.stop();
    this.#incidents.resolve('emergency_on_air', CHANNEL_ID);
    this.view.touch('channel');
  }

  shutdown(): void {
    this.#options.onShutdownAsked();
  }

  watchdog(): WatchdogStatus {
    return this.#desk.latest ?? NO_WATCHDOGS;
  }

  processes(): Promise<ProcessReport[]> {
    return processReports({
      host: { upMs: this.clock.monotonicMs() - this.#startedAtMs, loop: this.#measureLoop() },
      broadcaster: { ...this.#broadcaster.report(), counters: this.view.status?.counters ?? null },
      origin: this.#origin.report(),
      daemons: this.#daemons.reports(),
    });
  }

  async preflight(): Promise<PreflightCheck[]> {
    await this.#machine.sample();
    return preflight({
      channel: this.channel(),
      destinations: this.view.destinations(),
      bufferMs: this.reader.bufferMs(CHANNEL_ID),
      freeDiskBytes: this.#machine.latest.freeDiskBytes,
      house: await readHouseManifest(this.#paths, this.#row.profileId),
      processes: await this.processes(),
      tools: () => toolVersions(this.#paths),
    });
  }

  testIngest(url: string): Promise<PreflightCheck[]> {
    const { log } = this.#options;
    return studioIngestTest(url, { paths: this.#paths, log, house: this.#house, studio: this });
  }

  createLink(): { url: string; expiresAtMs: number } {
    const url = `${this.url}/?t=${this.#sessions.createLink()}`;
    return { url, expiresAtMs: this.clock.wallMs() + LINK_LIFE_MS };
  }

  /** Goes off air and stops everything that was started; afterwards no process is left. */
  async stop(): Promise<void> {
    this.#duties[Symbol.dispose]();
    await Promise.all([this.backups.settled(), this.storage.settled()]);
    const stopped = await Promise.allSettled([this.#daemons.stop(), this.#broadcaster.stop(), this.#origin.stop()]);
    await this.#broadcaster.release();
    await this.#close();
    await this.#releaseRunFile();
    await rm(hostRunFilePath(this.#paths), { force: true });
    this.#lock[Symbol.dispose]();
    for (const result of stopped) if (result.status === 'rejected') throw result.reason;
  }

  /** The broadcaster and the origin at once, without asking: for a second Ctrl-C. */
  get pids(): number[] {
    const all = [this.#broadcaster.report(), this.#origin.report(), ...this.#daemons.reports()];
    return all.map(({ pid }) => pid).filter((pid) => pid !== null);
  }

  async #open(run: Parameters<typeof writeHostRunFile>[1], wasOnAir: boolean): Promise<void> {
    try {
      await this.#bringUp(run);
    } catch (error) {
      await Promise.all([this.#daemons.stop(), wasOnAir ? this.#broadcaster.release() : this.#broadcaster.stop()]);
      await this.#close();
      throw error;
    }
  }

  async #bringUp(run: Parameters<typeof writeHostRunFile>[1]): Promise<void> {
    this.#house = await readHouseManifest(this.#paths, this.#row.profileId);
    if (this.#row.onAirWanted) this.#broadcaster.start(this.#row.profileId);
    // Without the pieces nothing can air: then the processor, which renders them, comes first.
    if (!this.#house) this.#daemons.start();
    for (const { name } of this.#daemons.reports()) this.#incidents.resolve('daemon_given_up', name);
    this.#incidents.resolve('origin_loop', 'origin');
    await listenWhereLastTime(this.#http, this.#paths, this.#options.port);
    this.#releaseRunFile = await keepHostRunFile(this.#paths, { ...run, url: this.url }, this.#options.log);
    this.#daemons.start();
    const { backups, storage, view } = this;
    startDuties(this.#duties, {
      ...{ paths: this.#paths, machine: this.#machine, view, backups, storage, desk: this.#desk },
      lookForHouse: async () => {
        if (this.#house && this.#house.emergency.length > 0) return;
        this.#house = await readHouseManifest(this.#paths, this.#row.profileId);
        if (this.#house) this.view.touch('channel');
      },
    });
    await this.#machine.sample();
  }

  #changed(topics: readonly Topic[]): void {
    if (topics.includes('channel')) this.#reread();
    this.view.stored(topics);
    this.#broadcaster.wake(topics);
    this.#daemons.wake(topics);
  }

  #reread(): void {
    const before = this.#row.profileId;
    this.#row = this.reader.channel(CHANNEL_ID) ?? this.#row;
    if (this.#row.profileId !== before) this.#house = null;
  }

  async #originAttached(run: OriginRunFile): Promise<void> {
    await putOriginDestination(this, run);
    this.view.touch('channel', 'destinations');
  }

  async #close(): Promise<void> {
    this.view.close();
    await this.#http.close();
    await this.#sessions.close();
    this.reader[Symbol.dispose]();
    await this.store.close();
  }
}
