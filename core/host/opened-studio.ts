import type { OriginRunFile, OriginStatus } from '../contract/origin-protocol.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { ChannelRow } from '../store/studio-reader.ts';
import type { DetachedProcess } from './detached-process.ts';
import type { Sessions } from './http/sessions.ts';
import type { StoreSwitch } from './store-switch.ts';

/** What was opened before the host can be made. */
export interface OpenedStudio {
  readonly paths: DataPaths;
  readonly lock: Disposable;
  readonly token: string;
  readonly sessions: Sessions;
  readonly origin: DetachedProcess<OriginRunFile, OriginStatus>;
  readonly stores: StoreSwitch;
  readonly row: ChannelRow;
}
