import { setTimeout as delay } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { JobProgress } from '../contract/daemon-messages.ts';
import { describeError } from '../contract/errors.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import type { IncidentCode } from '../contract/incident.ts';
import { type HouseProfile, profileId } from '../contract/profile.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Tools } from '../media/tools.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { ensureHouse } from './house/ensure-house.ts';
import { verifyHouse } from './house/verify-house.ts';

export interface HouseKeeperOptions {
  channelId: string;
  paths: DataPaths;
  tools: Tools;
  store: StoreClient;
  reader: StudioReader;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
  onProgress: (progress: JobProgress) => void;
  onEnd: (jobId: string) => void;
  /** The pieces for the channel as it is now are complete. */
  onReady: () => void;
}

export interface House {
  profile: HouseProfile;
  headerHash: string;
}

const JOB_ID = 'house';
const INCIDENT: IncidentCode = 'house_missing';
const RETRY_MS = [2_000, 10_000, 60_000];

/** Keeps the house pieces made for the channel's present name and profile; everything else waits for the first time. */
export class HouseKeeper {
  readonly #options: HouseKeeperOptions;
  #house: { key: string; house: House; manifest: HouseManifest } | null = null;
  #working: Promise<void> | null = null;

  constructor(options: HouseKeeperOptions) {
    this.#options = options;
  }

  /** The house of the channel's present profile; null while it is being made. */
  get current(): House | null {
    const channel = this.#options.reader.channel(this.#options.channelId);
    if (!channel || !this.#house) return null;
    return profileId(this.#house.house.profile) === channel.profileId ? this.#house.house : null;
  }

  /** Makes what is missing for the channel as it is now; call it whenever the channel may have changed. */
  wake(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  /** Checks the pieces as on the first day, decoding included; those that have gone bad are made again. */
  check(): void {
    this.#working ??= this.#verify().finally(() => {
      this.#working = null;
      this.wake();
    });
  }

  /** Resolves when nothing is being made. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    const { reader, channelId, signal, logger } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      const channel = reader.channel(channelId);
      if (!channel) return;
      const key = `${channel.profileId} ${channel.name}`;
      if (key === this.#house?.key) return;
      try {
        const manifest = await this.#ensure(channel);
        this.#house = { key, house: { profile: channel.profile, headerHash: manifest.headerHash }, manifest };
        await this.#tell(null);
        this.#options.onReady();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        logger.error({ err: error }, 'the house pieces could not be made');
        await this.#tell(describeError(error));
        await delay(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)], undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #verify(): Promise<void> {
    if (!this.#house) return;
    try {
      const faults = await verifyHouse(this.#house.manifest, this.#options);
      if (faults.length > 0) this.#house = null;
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the house pieces could not be checked');
    }
  }

  async #ensure(channel: { id: string; name: string; profile: HouseProfile }) {
    const { paths, tools, clock, logger, signal, onProgress, onEnd } = this.#options;
    const base = { jobId: JOB_ID, kind: 'house' as const, planId: null, title: 'House pieces', encoder: 'libx264' };
    try {
      return await ensureHouse({
        ...{ channel, paths, tools, clock, logger, signal },
        onProgress: ({ step, fraction }) => onProgress({ ...base, step, fraction, speed: null }),
      });
    } finally {
      onEnd(JOB_ID);
    }
  }

  async #tell(trouble: string | null): Promise<void> {
    const { store, channelId, clock } = this.#options;
    const atMs = clock.wallMs();
    if (trouble === null) await store.run('incident.resolve', { code: INCIDENT, subject: channelId, atMs });
    else {
      const message = `The emergency loop and the error screen could not be made: ${trouble}`;
      const incident = { id: ulid(atMs), channelId, code: INCIDENT, subject: channelId, severity: 'critical' as const };
      await store.run('incident.open', { ...incident, message, atMs });
    }
  }
}
