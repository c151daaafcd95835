import { statfs } from 'node:fs/promises';
import { ulid } from 'ulid';
import type { IncidentCode } from '../contract/incident.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';

export interface DiskGuardOptions {
  /** Folder on the volume that is watched. */
  folder: string;
  channelId: string;
  /** Bytes that must stay free; asked each time. */
  reserveBytes: () => number;
  store: StoreClient;
  clock: Clock;
  logger: Logger;
  freeBytes?: (folder: string) => Promise<number>;
}

const INCIDENT: IncidentCode = 'disk_full';

/**
 * Watches the free space of the data volume. While it is below the reserve, preparing pauses (`full`), an incident is
 * open, and `signal` of the running jobs is aborted; it is over by itself when there is room again.
 */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #abort = new AbortController();
  #full = false;
  /** What the store knows; null at first: an incident may be open that an earlier process left behind. */
  #told: boolean | null = null;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  get full(): boolean {
    return this.#full;
  }

  /** Aborted when the disk becomes full; a new one afterwards. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Measures again; answers whether there is room. */
  async check(): Promise<boolean> {
    const { folder, reserveBytes, logger } = this.#options;
    const free = await (this.#options.freeBytes ?? freeBytesOf)(folder);
    const full = free < reserveBytes();
    if (full !== this.#full) {
      this.#full = full;
      logger.warn({ free, reserve: reserveBytes(), folder }, full ? 'disk full: preparing pauses' : 'room again');
      if (full) this.#abort.abort();
      else this.#abort = new AbortController();
    }
    // On a full disk the store may refuse even this: then it is told at a later measurement.
    if (full !== this.#told) {
      await this.#tell(free);
      this.#told = full;
    }
    return !full;
  }

  async #tell(free: number): Promise<void> {
    const { store, channelId, folder, reserveBytes, clock } = this.#options;
    const atMs = clock.wallMs();
    if (!this.#full) {
      await store.run('incident.resolve', { code: INCIDENT, subject: folder, atMs });
      return;
    }
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    const message = `${gib(free)} free, ${gib(reserveBytes())} must stay free: nothing is prepared until there is room.`;
    const incident = { id: ulid(atMs), channelId, code: INCIDENT, subject: folder, severity: 'critical' as const };
    await store.run('incident.open', { ...incident, message, atMs });
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
