import type { Asset } from '../../contract/asset.ts';
import type { PlanState } from '../../contract/plan-state.ts';

/** An asset as the rules of the storage see it. */
export interface AssetFact {
  readonly id: string;
  readonly state: Asset['state'];
  /** State of the plan whose present asset this is; null when there is none. */
  readonly planState: PlanState | null;
  /** Its media file is there. */
  readonly hasFile: boolean;
  /** Stands in the queue, is on air, or is about to be. */
  readonly inUse: boolean;
  /** Its source is still there, so that it can be prepared again. */
  readonly recoverable: boolean;
  readonly lastAiredMs: number | null;
  readonly createdAtMs: number;
  /** Since when it is known to be retired or damaged. */
  readonly unfitSinceMs: number | null;
}

/** A file or folder directly inside one of our folders. */
export interface Stored {
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
  readonly modifiedMs: number;
}

/** Everything that the rules decide by. */
export interface StorageFacts {
  readonly nowMs: number;
  readonly freeBytes: number;
  readonly lowWaterBytes: number;
  /** Of the channel. */
  readonly profileId: string;
  readonly assets: readonly AssetFact[];
  readonly assetFolders: readonly Stored[];
  readonly transitions: readonly { readonly id: string; readonly state: 'wanted' | 'ready' | 'failed' }[];
  readonly transitionFiles: readonly Stored[];
  readonly work: readonly Stored[];
  /** Names in `work` that a running job uses. */
  readonly workInUse: ReadonlySet<string>;
  readonly house: readonly Stored[];
  readonly journal: readonly Stored[];
  /** `seq` of the last journal line that was imported. */
  readonly journalCursor: number;
  readonly logs: readonly Stored[];
  /** Left in the data folder itself by a restore that crashed. */
  readonly strays: readonly Stored[];
}
