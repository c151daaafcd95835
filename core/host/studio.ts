import type { BroadcasterCommand } from '../contract/broadcaster-protocol.ts';
import type { Channel, PreflightCheck } from '../contract/control-api.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { WatchdogStatus } from '../contract/watchdog.ts';
import type { Clock } from '../platform/clock.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import type { BackupDesk } from './backup-desk.ts';
import type { StorageKeeper } from './storage-keeper.ts';
import type { StudioView } from './studio-view.ts';

export interface ProcessReport {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'running' | 'starting' | 'backing_off' | 'given_up' | 'stopped';
  readonly restarts: number;
  readonly upMs: number | null;
  readonly loopDelayP99Ms: number | null;
  readonly rssBytes: number | null;
  readonly cpuPercent: number | null;
}

/** What the control API, the pages and the metrics may do with the running studio. */
export interface Studio {
  readonly channelId: string;
  readonly clock: Clock;
  readonly store: StoreClient;
  readonly reader: StudioReader;
  readonly view: StudioView;
  readonly storage: Pick<StorageKeeper, 'report' | 'clean'>;
  readonly backups: Pick<BackupDesk, 'list' | 'create' | 'verify' | 'restore'>;
  channel(): Channel;
  /** Asks the broadcaster; resolves when it took effect. Throws `OFF_AIR` or `BROADCASTER_UNREACHABLE`. */
  command(command: BroadcasterCommand): Promise<void>;
  goOnAir(): Promise<void>;
  goOffAir(): Promise<void>;
  /** Starts the graceful stop of everything; answers before it is done. */
  shutdown(): void;
  processes(): Promise<ProcessReport[]>;
  /** Its last word; empty until its first round of checks is over. */
  watchdog(): WatchdogStatus;
  preflight(): Promise<PreflightCheck[]>;
  /** Goes the way to an address step by step, without disturbing the channel. */
  testIngest(url: string): Promise<PreflightCheck[]>;
  createLink(): { url: string; expiresAtMs: number };
}
