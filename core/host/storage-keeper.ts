import { existsSync } from 'node:fs';
import { rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { StudioError } from '../contract/errors.ts';
import type { IncidentCode } from '../contract/incident.ts';
import { STORAGE_PARTS, type StorageAction, type StorageClean, type StorageReport } from '../contract/storage.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { readMetricSeries } from '../store/read/metric-series.ts';
import { forecastDisk } from '../store/storage/disk-forecast.ts';
import { planStorage } from '../store/storage/storage-rules.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import type { Incidents } from './incidents.ts';
import { assetsOnAir, gatherStorageFacts, type Scan, scanStorage } from './storage-scan.ts';

export interface StorageKeeperOptions {
  readonly channelId: string;
  readonly paths: DataPaths;
  readonly store: StoreClient;
  readonly reader: StudioReader;
  readonly clock: Clock;
  readonly log: Logger;
  readonly incidents: Pick<Incidents, 'open' | 'resolve'>;
  /** The engine's word on what is on air and prerolled, whatever the queue says. */
  readonly status: () => BroadcasterStatus | null;
  readonly freeBytes?: (folder: string) => Promise<{ free: number; total: number }>;
}

const FREE_SERIES = 'storage.free_bytes';
const LOW: IncidentCode = 'storage_low';
const UNREACHABLE: IncidentCode = 'assets_unreachable';
const FORECAST_MS = 7 * 24 * 3600_000;
/** A full cleaning without need. */
const CLEAN_EVERY_MS = 6 * 3600_000;
const DEFAULT_LOW_WATER_BYTES = 4 * 2 ** 30;
/** The shortage is over when so many times the low-water mark is free: what was removed is not prepared again at once. */
const OVER_AT = 2;

/** Keeps the data folder tidy and the volume from filling; by its own rules alone, never touching a library folder. */
export class StorageKeeper {
  readonly #options: StorageKeeperOptions;
  #cleanedAtMs = Number.NEGATIVE_INFINITY;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: StorageKeeperOptions) {
    this.#options = options;
  }

  async report(): Promise<StorageReport> {
    const { paths, clock } = this.#options;
    const nowMs = clock.wallMs();
    const { scan, plan, free, total } = await this.#look(false);
    return {
      atMs: nowMs,
      dataDir: paths.root,
      totalBytes: total,
      freeBytes: free,
      lowWaterBytes: this.#lowWaterBytes(),
      usage: STORAGE_PARTS.map((part) => ({
        part,
        files: scan[part].reduce((sum, { files }) => sum + files, 0),
        bytes: scan[part].reduce((sum, { bytes }) => sum + bytes, 0),
      })),
      ...plan,
      forecast: forecastDisk(readMetricSeries(paths.metricsDb, FREE_SERIES, nowMs - FORECAST_MS)),
    };
  }

  /** Settles what the rules say, or with `dryRun` only tells it. One cleaning at a time. */
  clean(dryRun: boolean): Promise<StorageClean> {
    const mine = this.#working.catch(() => undefined).then(() => this.#clean(dryRun));
    this.#working = mine;
    return mine;
  }

  /** Measures the free space, and cleans when it is short or it is time. */
  async check(): Promise<void> {
    const { store, clock, paths, incidents } = this.#options;
    const { free } = await this.#measure();
    const samples = [{ series: FREE_SERIES, atMs: clock.wallMs(), value: free }];
    await store.run('metric.add', { samples });
    const lowWaterBytes = this.#lowWaterBytes();
    if (free >= lowWaterBytes * OVER_AT) incidents.resolve(LOW, paths.root);
    const due = clock.monotonicMs() - this.#cleanedAtMs >= CLEAN_EVERY_MS;
    if (free >= lowWaterBytes && !due) return;
    if (free < lowWaterBytes)
      incidents.open(
        LOW,
        paths.root,
        `${gibibytes(free)} free on the volume of ${paths.root}, below the mark of ${gibibytes(lowWaterBytes)}: what aired longest ago is removed, and only new files are prepared until ${gibibytes(lowWaterBytes * OVER_AT)} are free.`,
        'warning',
      );
    await this.clean(false);
  }

  async settled(): Promise<void> {
    await this.#working.catch(() => undefined);
  }

  async #clean(dryRun: boolean): Promise<StorageClean> {
    const { clock, log, incidents, paths } = this.#options;
    const { plan } = await this.#look(!dryRun);
    if (dryRun) return { dryRun, ...plan, freedBytes: sum(plan.actions) };
    this.#cleanedAtMs = clock.monotonicMs();
    const folder = join(paths.root, 'assets');
    if (plan.problem === null) incidents.resolve(UNREACHABLE, folder);
    else incidents.open(UNREACHABLE, folder, plan.problem);
    const done: StorageAction[] = [];
    for (const action of plan.actions) if (await this.#settle(action)) done.push(action);
    if (done.length > 0) log.info({ settled: done.length, freedBytes: sum(done) }, 'storage cleaned');
    for (const action of done) log.debug({ ...action }, 'storage');
    return { dryRun, actions: done, freedBytes: sum(done), problem: plan.problem };
  }

  /** False when it is not so any more: facts are looked at once more before anything is taken away. */
  async #settle({ kind, subject }: StorageAction): Promise<boolean> {
    const { paths, store, clock } = this.#options;
    const atMs = clock.wallMs();
    switch (kind) {
      case 'remove':
        await rm(join(paths.root, ...subject.split('/')), { recursive: true, force: true });
        return true;
      case 'evict': {
        if (assetsOnAir(this.#options.status()).includes(subject)) return false;
        const { evicted } = await store.run('asset.evict', { assetId: subject, atMs });
        if (evicted) await rm(paths.asset(subject).folder, { recursive: true, force: true });
        return evicted;
      }
      case 'mark_missing':
        if (existsSync(paths.asset(subject).media)) return false;
        await store.run('asset.setState', { assetId: subject, state: 'missing', atMs });
        return true;
      case 'forget_transition':
        if (existsSync(join(paths.transitions, `${subject}.ts`))) return false;
        await store.run('transition.forget', { ids: [subject] });
        return true;
    }
  }

  async #look(remember: boolean) {
    const { paths, reader, store, channelId, clock } = this.#options;
    const channel = reader.channel(channelId);
    if (channel === null) throw new StudioError('NOT_FOUND', `there is no channel ${channelId}`);
    // The rows first: a folder that is made afterwards is only too young, a row that is made afterwards would seem lost.
    const assets = reader.storedAssets();
    const transitions = reader.storedTransitions();
    const scan: Scan = await scanStorage(paths);
    const { free, total } = await this.#measure();
    const { facts, unfitSince, changed } = await gatherStorageFacts({
      ...{ reader, channelId, scan, assets, transitions, paths },
      ...{ nowMs: clock.wallMs(), freeBytes: free, lowWaterBytes: this.#lowWaterBytes(), profileId: channel.profileId },
      onAirAssetIds: assetsOnAir(this.#options.status()),
      exists: (path) =>
        stat(path).then(
          () => true,
          () => false,
        ),
    });
    if (remember && changed) await store.run('setting.set', { key: 'storage.unfitSince', value: unfitSince });
    return { scan, plan: planStorage(facts), free, total };
  }

  #lowWaterBytes(): number {
    const wanted = this.#options.reader.setting('storage_low_water_bytes');
    return typeof wanted === 'number' && wanted >= 0 ? wanted : DEFAULT_LOW_WATER_BYTES;
  }

  async #measure(): Promise<{ free: number; total: number }> {
    const { paths, freeBytes } = this.#options;
    if (freeBytes) return freeBytes(paths.root);
    // The media may lie on a volume of their own: it is theirs that fills.
    const media = join(paths.root, 'assets');
    const { bavail, blocks, bsize } = await statfs(existsSync(media) ? media : paths.root);
    return { free: bavail * bsize, total: blocks * bsize };
  }
}

const sum = (actions: readonly StorageAction[]): number => actions.reduce((total, { bytes }) => total + bytes, 0);
const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
