import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Topic } from '../../contract/daemon-messages.ts';
import { StudioError } from '../../contract/errors.ts';
import type { StoreRequest } from '../../contract/store-commands.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import { METRICS_MIGRATIONS, migrate, refuseNewer, STUDIO_MIGRATIONS } from '../migrations/migrate.ts';
import { openForReading, openForWriting } from '../open-database.ts';
import { DiskReserve } from './disk-reserve.ts';
import { GroupCommit, type GroupResult } from './group-commit.ts';
import { pruneMetrics } from './record-commands.ts';

export interface StoreEngineOptions {
  paths: DataPaths;
  clock: Clock;
  /** Size of the reserve file. */
  reserveBytes: number;
  log(level: 'info' | 'warn' | 'error', message: string, detail: Record<string, unknown>): void;
}

const METRICS_KEPT_MS = 30 * 24 * 3600 * 1000;
/** Free pages given back in one night (4 KiB each): some ten milliseconds of the writer's time. */
const VACUUM_PAGES = 4096;
const CLOSING_BUSY_TIMEOUT_MS = 200;

/** The two databases with their only writing connections, and the disk reserve. Lives in the writer thread. */
export class StoreEngine {
  readonly studio: Database;
  readonly metrics: Database;
  readonly #options: StoreEngineOptions;
  readonly #reserve: DiskReserve;
  readonly #groups: GroupCommit;
  #reserveReleased = false;
  #diskFullReported = false;

  /**
   * Opens and migrates both databases.
   *
   * @throws StudioError `DATABASE_NEWER` or `DATABASE_BROKEN`; the studio database is then as it was.
   */
  static async open(options: StoreEngineOptions): Promise<StoreEngine> {
    const { paths, clock } = options;
    if (existsSync(paths.studioDb)) lookFirst(paths.studioDb);
    const studio = openForWriting(paths.studioDb, 'all pages');
    try {
      const backup = await migrate(studio, STUDIO_MIGRATIONS, paths.backups, clock.wallMs());
      if (backup !== null) options.log('info', 'database migrated after a backup', { backup });
      const metrics = openMetrics(options);
      try {
        await migrate(metrics, METRICS_MIGRATIONS, paths.backups, clock.wallMs());
        pruneMetrics(metrics, clock.wallMs() - METRICS_KEPT_MS);
      } catch (error) {
        metrics.close();
        throw error;
      }
      return new StoreEngine(options, studio, metrics);
    } catch (error) {
      studio.close();
      throw error;
    }
  }

  private constructor(options: StoreEngineOptions, studio: Database, metrics: Database) {
    this.#options = options;
    this.studio = studio;
    this.metrics = metrics;
    this.#reserve = new DiskReserve(options.paths.reserve, options.reserveBytes);
    this.#groups = new GroupCommit({ studio, metrics, onDiskFull: () => this.#releaseReserve() });
  }

  /** Commits the requests as one group. Never throws: every outcome says how its command ended. */
  execute(requests: readonly StoreRequest[]): GroupResult {
    const result = this.#groups.run(requests);
    if (this.#reserveReleased) {
      this.#reserveReleased = false;
      result.topics.push(...this.#reportDiskFull('The reserve was given up so that the studio can go on.'));
    }
    return result;
  }

  /** Makes the reserve when there is room and opens or resolves the `disk_full` incident accordingly. */
  async keepReserve(): Promise<Topic[]> {
    if (await this.#reserve.ensure()) {
      this.#diskFullReported = false;
      const atMs = this.#options.clock.wallMs();
      return this.#groups.run([
        { name: 'incident.resolve', args: { code: 'disk_full', subject: this.#options.paths.root, atMs } },
      ]).topics;
    }
    return this.#diskFullReported ? [] : this.#reportDiskFull('There is no room for the reserve file.');
  }

  pruneMetrics(): void {
    pruneMetrics(this.metrics, this.#options.clock.wallMs() - METRICS_KEPT_MS);
  }

  /** Once a day: statistics for the query planner (sqlite.org/pragma.html#pragma_optimize), and free pages given back in a short step. */
  maintain(): void {
    this.pruneMetrics();
    for (const db of [this.studio, this.metrics]) {
      db.pragma('optimize');
      db.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
    }
  }

  /** Brings the write-ahead logs into the databases and closes them. */
  close(): void {
    for (const db of [this.studio, this.metrics]) {
      db.pragma(`busy_timeout = ${CLOSING_BUSY_TIMEOUT_MS}`);
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    }
  }

  #releaseReserve(): boolean {
    if (!this.#reserve.release()) return false;
    this.#reserveReleased = true;
    return true;
  }

  #reportDiskFull(consequence: string): Topic[] {
    const { clock, paths, log } = this.#options;
    const atMs = clock.wallMs();
    const message = `The volume of ${paths.root} is full. ${consequence} Preparing is paused until there is space.`;
    log('error', message, { path: paths.root });
    this.#diskFullReported = true;
    const incident = {
      id: `disk_full:${atMs}`,
      channelId: 'main',
      code: 'disk_full',
      subject: paths.root,
      severity: 'critical',
      message,
      atMs,
    };
    return this.#groups.run([{ name: 'incident.open', args: incident }]).topics;
  }
}

/** A connection that only reads leaves a newer app's database, with its write-ahead log, exactly as it is. */
function lookFirst(path: string): void {
  const db = openForReading(path);
  try {
    refuseNewer(db, STUDIO_MIGRATIONS);
  } finally {
    db.close();
  }
}

/** Figures are not worth a channel: a broken metrics database is set aside and a new one begun. */
function openMetrics({ paths, clock, log }: StoreEngineOptions): Database {
  try {
    // Large, and of no weight on air: it is not read as a whole at every start.
    const db = openForWriting(paths.metricsDb, 'header');
    try {
      refuseNewer(db, METRICS_MIGRATIONS);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'DATABASE_BROKEN') throw error;
    const aside = `${paths.metricsDb}.broken-${clock.wallMs()}`;
    log('warn', 'metrics database set aside, a new one is begun', { aside, reason: error.message });
    renameSync(paths.metricsDb, aside);
    for (const suffix of ['-wal', '-shm']) rmSync(paths.metricsDb + suffix, { force: true });
    return openForWriting(paths.metricsDb, 'header');
  }
}
