import { statfs } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Pipeline } from '../contract/control-api.ts';

interface CpuTimes {
  readonly busyMs: number;
  readonly totalMs: number;
}

function cpuTimes(): CpuTimes {
  let busyMs = 0;
  let totalMs = 0;
  for (const { times } of cpus()) {
    busyMs += times.user + times.nice + times.sys + times.irq;
    totalMs += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { busyMs, totalMs };
}

/** Load of the whole machine since the last sample, and the room on the volume of the data folder. */
export class MachineSampler {
  readonly #dataDir: string;
  #before = cpuTimes();
  #latest: Omit<Pipeline['machine'], 'diskFull'> = { cpuPercent: null, freeDiskBytes: null };

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  get latest(): Omit<Pipeline['machine'], 'diskFull'> {
    return this.#latest;
  }

  /** Takes a sample. Null stays where the system does not tell. */
  async sample(): Promise<void> {
    const now = cpuTimes();
    const totalMs = now.totalMs - this.#before.totalMs;
    const cpuPercent = totalMs > 0 ? Math.round((100 * (now.busyMs - this.#before.busyMs)) / totalMs) : null;
    this.#before = now;
    const volume = await statfs(this.#dataDir).catch(() => null);
    this.#latest = { cpuPercent, freeDiskBytes: volume ? volume.bavail * volume.bsize : null };
  }
}
