import { join } from 'node:path';
import type { DataPaths } from '../platform/data-paths.ts';
import type { BackupDesk } from './backup-desk.ts';
import type { MachineSampler } from './machine-sampler.ts';
import type { Repeating } from './repeating.ts';
import { rotateForeignLog } from './rotating-file.ts';
import type { StorageKeeper } from './storage-keeper.ts';
import type { StudioView } from './studio-view.ts';
import type { WatchdogDesk } from './watchdog-desk.ts';

export interface HostDuties {
  readonly paths: DataPaths;
  readonly machine: MachineSampler;
  readonly view: StudioView;
  readonly backups: BackupDesk;
  readonly storage: StorageKeeper;
  readonly desk: WatchdogDesk;
  /** Looks whether the pieces that air when nothing else can are there. */
  readonly lookForHouse: () => Promise<void>;
}

const SAMPLE_MS = 2_000;
const PROCESSES_MS = 5_000;
const HOUSEKEEPING_MS = 60_000;
const STORAGE_MS = 5 * 60_000;

/** Everything that the host does again and again. */
export function startDuties(
  duties: Repeating,
  { paths, machine, view, backups, storage, desk, lookForHouse }: HostDuties,
): void {
  duties.every(SAMPLE_MS, async () => {
    if (view.parts.followers === 0) return;
    await machine.sample();
    view.touch('pipeline');
  });
  duties.every(SAMPLE_MS, lookForHouse);
  duties.every(PROCESSES_MS, () => desk.tellProcesses());
  duties.every(HOUSEKEEPING_MS, async () => {
    await machine.sample();
    for (const name of ['broadcaster', 'origin']) await rotateForeignLog(join(paths.logs, `${name}.log`));
  });
  duties.every(HOUSEKEEPING_MS, () => backups.nightly());
  duties.every(STORAGE_MS, () => storage.check());
}
