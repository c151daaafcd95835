import type { AlertChannel, AlertState } from '../contract/alert.ts';
import type { Asset } from '../contract/asset.ts';
import type { Destination } from '../contract/destination.ts';
import type { IncidentEvent, IncidentRecord } from '../contract/incident.ts';
import type { Plan } from '../contract/plan.ts';
import type { PlanState } from '../contract/plan-state.ts';
import type { HouseProfile } from '../contract/profile.ts';
import type { AsRun, QueueItem } from '../contract/queue.ts';
import type { StoredAsset } from './stored-asset.ts';

export interface ChannelRow {
  id: string;
  name: string;
  profile: HouseProfile;
  profileId: string;
  seed: string;
  onAirWanted: boolean;
  createdAtMs: number;
}

export interface LibraryFolder {
  id: string;
  path: string;
  addedAtMs: number;
}

export interface TransitionRow {
  id: string;
  fromAssetId: string;
  toAssetId: string;
  profileId: string;
  state: 'wanted' | 'ready' | 'failed';
  frames: number | null;
}

/** An incident with the row number of its end, which grows with every end; null while it is open. */
export interface IncidentRow extends IncidentRecord {
  resolvedRow: number | null;
}

interface DecisionRow {
  id: string;
  kind: string;
  seed: string | null;
  inputs: unknown;
  result: unknown;
  reason: string;
  atMs: number;
}

/** What rotation needs to know of a ready asset: cheap to read for a whole library. */
export interface AssetSummary {
  id: string;
  frames: number;
  durationMs: number;
  airedCount: number;
  createdAtMs: number;
}

/** What the engine, the planner and the control room need of a queued asset: cheap to read for a long queue. */
export interface QueuedAsset
  extends Pick<Asset, 'id' | 'title' | 'profileId' | 'frames' | 'durationMs' | 'state' | 'lastAiredMs' | 'airedCount'> {
  integratedLufs: number | null;
  palette: string[];
}

/** A queue row with its asset, in one read. */
export interface QueueEntry {
  item: QueueItem;
  asset: QueuedAsset;
}

/**
 * Read model over a read-only connection of its own. Every call is one synchronous, indexed read; rows are validated
 * by zod where they hold JSON. Never blocks the writer (WAL).
 */
export interface StudioReader extends Disposable {
  /** Grows when another connection committed (PRAGMA data_version): a cheap way to notice changes. */
  dataVersion(): number;
  /** Walks through every page (PRAGMA quick_check): null when all is well, else what is wrong. Seconds for a large database. */
  quickCheck(): string | null;
  channel(channelId: string): ChannelRow | null;
  setting(key: string): unknown;
  libraryFolders(channelId: string): LibraryFolder[];

  plan(planId: string): Plan | null;
  planByLocator(channelId: string, locator: string): Plan | null;
  /** Newest change first. */
  plans(query: { channelId: string; states?: readonly PlanState[]; limit: number; offset?: number }): Plan[];
  /** Oldest discovery first: what the planner selects from. */
  plansToSelect(channelId: string, limit: number): Plan[];
  /** Planned ones that were discovered later than every plan that was ever selected, newest first: files that were just added. */
  freshPlansToSelect(channelId: string, limit: number): Plan[];
  /** Prepared plans whose asset is not in the channel's house format (any more), oldest discovery first. */
  plansOfAnotherFormat(channelId: string, limit: number): Plan[];
  planCounts(channelId: string): Record<PlanState, number>;
  /** Locator, bytes and mtime of every folder plan: what the watch folder compares with the disk. */
  knownFiles(
    channelId: string,
  ): Iterable<{ locator: string; fileBytes: number | null; fileModifiedMs: number | null; state: PlanState }>;
  assetByContentHash(channelId: string, contentHash: string): Asset | null;

  asset(assetId: string): Asset | null;
  /** Ready assets of the channel's profile, id order. */
  readyAssets(channelId: string): Asset[];
  /** The same assets in the same order, without their reports. */
  readyAssetSummaries(channelId: string): AssetSummary[];
  /** Ready assets that never stood in the queue, oldest first. */
  neverQueuedAssetIds(channelId: string, limit: number): string[];
  /** Queue in playing order (the item on air first when there is one). */
  queue(channelId: string, limit?: number): QueueEntry[];
  queueLength(channelId: string): number;
  /** The whole queue in playing order without the assets: cheap at any length. */
  queueOrder(channelId: string): Pick<QueueItem, 'id' | 'assetId' | 'state' | 'origin'>[];
  /** The row that plays last; null when the queue is empty. */
  lastQueueItemId(channelId: string): string | null;
  /** Ready material queued behind the item on air, ms. */
  bufferMs(channelId: string): number;
  transition(fromAssetId: string, toAssetId: string, profileId: string): TransitionRow | null;
  transitionById(id: string): TransitionRow | null;
  /** Newest first. */
  asRun(channelId: string, limit: number): AsRun[];
  /** Asset ids in the order they aired or stand in the queue, newest last: what rotation looks back on. */
  recentAssetIds(channelId: string, limit: number): string[];
  /** Asset ids of the last `limit` airings, newest last. */
  airedAssetIds(channelId: string, limit: number): string[];
  /** `seq` of the last journal line that was imported; -1 when there was none. */
  journalCursor(channelId: string): number;

  /** Every asset of every channel as the storage sees it, with the state and the source of the plan whose asset it is. */
  storedAssets(): StoredAsset[];
  storedTransitions(): Pick<TransitionRow, 'id' | 'state'>[];
  runningJobIds(): string[];

  destinations(channelId: string): Destination[];
  openIncidents(channelId: string): IncidentRow[];
  /** Newest first, ended ones too. */
  incidents(channelId: string, limit: number): IncidentRow[];
  incident(id: string): IncidentRow | null;
  /** Its history, oldest first: the first sighting and at most the 200 newest lines. */
  incidentEvents(id: string): IncidentEvent[];
  /** The open ones, those that ended behind row `afterRow`, and those named; oldest first. */
  incidentsToTell(channelId: string, afterRow: number, ids: readonly string[]): IncidentRow[];
  /** Row of the newest end of an incident; 0 when there was none. */
  lastResolvedRow(): number;
  /** How the last prepare jobs ended, newest first. */
  prepareOutcomes(limit: number): ('done' | 'failed')[];
  /** What aired in a stretch of time, oldest first, at most `limit` rows. */
  asRunBetween(channelId: string, fromMs: number, toMs: number, limit: number): AsRun[];
  alertChannels(channelId: string): { alertChannel: AlertChannel; state: AlertState | null }[];
  decisions(channelId: string, limit: number): DecisionRow[];
}
