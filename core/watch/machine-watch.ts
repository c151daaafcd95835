import { statfs } from 'node:fs/promises';
import type { ProcessSight } from '../contract/daemon-messages.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { checkClock } from './checks/clock.ts';
import { checkDatabase, type DatabaseSight } from './checks/database.ts';
import { checkDisk } from './checks/disk.ts';
import { checkHouse } from './checks/house.ts';
import { checkHost, checkProcess } from './checks/processes.ts';
import type { Finding } from './finding.ts';
import { HouseInspection } from './house-inspection.ts';
import { unknown } from './verdict.ts';

export interface MachineWatchParts {
  readonly channelId: string;
  readonly paths: DataPaths;
  readonly reader: StudioReader;
  readonly clock: Clock;
}

const DATABASE_PROVED_MS = 3_600_000;

/** Looks at what the channel stands on: clock, disk, database, emergency pieces, processes. */
export class MachineWatch {
  readonly #parts: MachineWatchParts;
  readonly #house = new HouseInspection();
  #processes: { sights: readonly ProcessSight[]; heardAtMs: number };
  #clockOffsetMs: number;
  #databaseProvedAtMs: number | null = null;

  constructor(parts: MachineWatchParts) {
    this.#parts = parts;
    this.#processes = { sights: [], heardAtMs: parts.clock.monotonicMs() };
    this.#clockOffsetMs = parts.clock.wallMs() - parts.clock.monotonicMs();
  }

  noteProcesses(sights: readonly ProcessSight[]): void {
    this.#processes = { sights, heardAtMs: this.#parts.clock.monotonicMs() };
  }

  /** From here on the clock is compared with what it is now: a jump is told once. */
  acceptClock(): void {
    const { clock } = this.#parts;
    this.#clockOffsetMs = clock.wallMs() - clock.monotonicMs();
  }

  async look(manifest: HouseManifest | null): Promise<Finding[]> {
    const { channelId, paths, clock } = this.#parts;
    const jumpMs = clock.wallMs() - clock.monotonicMs() - this.#clockOffsetMs;
    const volume = await statfs(paths.root).catch(() => null);
    const faults =
      manifest && (await this.#house.faults(paths.house(manifest.profileId), manifest, clock.monotonicMs()));
    const silentMs = clock.monotonicMs() - this.#processes.heardAtMs;
    return [
      {
        id: 'clock',
        verdict: checkClock(jumpMs),
        incident: { code: 'clock_jump', subject: 'clock', severity: 'warning' },
        ladder: [],
      },
      {
        id: 'disk',
        verdict: checkDisk(volume && volume.bavail * volume.bsize),
        incident: { code: 'disk_low', subject: paths.root, severity: 'warning' },
        ladder: [],
      },
      {
        id: 'database',
        verdict: checkDatabase(this.#readDatabase()),
        incident: { code: 'database_damaged', subject: paths.studioDb, severity: 'critical' },
        ladder: [],
      },
      {
        id: 'emergency_pieces',
        verdict: checkHouse(faults),
        incident: { code: 'emergency_unverified', subject: channelId, severity: 'critical' },
        ladder: [],
      },
      {
        id: 'process:host',
        verdict: checkHost(silentMs),
        incident: { code: 'process_slow', subject: 'host', severity: 'warning' },
        ladder: [],
      },
      ...this.#lookAtProcesses(silentMs),
    ];
  }

  #lookAtProcesses(silentMs: number): Finding[] {
    const stale = checkHost(silentMs).state !== 'healthy';
    return this.#processes.sights
      .filter(({ name }) => name !== 'host' && name !== 'watch')
      .map((sight) => ({
        id: `process:${sight.name}`,
        verdict: stale ? unknown(`What ${sight.name} does is not known: the host is silent.`) : checkProcess(sight),
        incident: {
          // The host tells about one that it gave up, too: it is the same incident.
          code: sight.state === 'given_up' ? 'daemon_given_up' : 'process_slow',
          subject: sight.name,
          severity: sight.state === 'given_up' ? 'critical' : 'warning',
        },
        ladder: [],
      }));
  }

  /** A timed read at every look; every hour a walk through all pages. */
  #readDatabase(): DatabaseSight {
    const { reader, channelId, clock } = this.#parts;
    const startedMs = clock.monotonicMs();
    try {
      reader.channel(channelId);
      reader.queueLength(channelId);
      const tookMs = clock.monotonicMs() - startedMs;
      const due = this.#databaseProvedAtMs === null || startedMs - this.#databaseProvedAtMs >= DATABASE_PROVED_MS;
      const fault = due ? reader.quickCheck() : null;
      // A damaged one is walked through again at the next look: three in a row count.
      if (due && fault === null) this.#databaseProvedAtMs = startedMs;
      return { state: 'read', tookMs, fault };
    } catch (error) {
      return { state: 'failed', error };
    }
  }
}
