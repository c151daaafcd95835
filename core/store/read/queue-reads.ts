import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { AsRun, QueueItem } from '../../contract/queue.ts';
import { jsonColumn } from '../json-column.ts';
import type { QueuedAsset, StudioReader, TransitionRow } from '../studio-reader.ts';

type QueueReads = Pick<
  StudioReader,
  | 'queue'
  | 'queueLength'
  | 'queueOrder'
  | 'lastQueueItemId'
  | 'bufferMs'
  | 'transition'
  | 'transitionById'
  | 'asRun'
  | 'asRunBetween'
  | 'recentAssetIds'
  | 'airedAssetIds'
  | 'journalCursor'
>;

interface QueueColumns extends Omit<QueuedAsset, 'id' | 'palette'>, Pick<QueueItem, 'assetId' | 'position' | 'origin'> {
  itemId: string;
  itemState: QueueItem['state'];
  addedAtMs: number;
  palette: string;
}

const paletteSchema = jsonColumn(z.array(z.string()));

const TRANSITION_COLUMNS = `id, from_asset_id AS fromAssetId, to_asset_id AS toAssetId, profile_id AS profileId, state, frames`;
const AS_RUN_COLUMNS = `id, channel_id AS channelId, kind, queue_item_id AS queueItemId, asset_id AS assetId, title,
  started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs, from_frame AS fromFrame, to_frame AS toFrame,
  end_reason AS endReason`;
const EVERYTHING = -1;

export function queueReads(db: Database): QueueReads {
  const queue = db.prepare<[string, number], QueueColumns>(
    `SELECT q.id AS itemId, q.position, q.state AS itemState, q.origin, q.added_at_ms AS addedAtMs, a.id AS assetId,
       a.title, a.profile_id AS profileId, a.frames, a.duration_ms AS durationMs, a.state,
       a.last_aired_ms AS lastAiredMs, a.aired_count AS airedCount,
       json_extract(a.qa, '$.loudnessAfter.integratedLufs') AS integratedLufs, json_extract(a.qa, '$.palette') AS palette
     FROM queue q JOIN assets a ON a.id = q.asset_id WHERE q.channel_id = ? ORDER BY q.position, q.id LIMIT ?`,
  );
  const length = db.prepare<[string], { count: number }>('SELECT count(*) AS count FROM queue WHERE channel_id = ?');
  const last = db.prepare<[string], { id: string }>(
    'SELECT id FROM queue WHERE channel_id = ? ORDER BY position DESC, id DESC LIMIT 1',
  );
  const buffer = db.prepare<[string], { ms: number }>(
    `SELECT coalesce(sum(a.duration_ms), 0) AS ms FROM queue q JOIN assets a ON a.id = q.asset_id
     WHERE q.channel_id = ? AND q.state = 'queued' AND a.state = 'ready'`,
  );
  const byPair = db.prepare<[string, string, string], TransitionRow>(
    `SELECT ${TRANSITION_COLUMNS} FROM transitions WHERE from_asset_id = ? AND to_asset_id = ? AND profile_id = ?`,
  );
  const byId = db.prepare<[string], TransitionRow>(`SELECT ${TRANSITION_COLUMNS} FROM transitions WHERE id = ?`);
  const asRun = db.prepare<[string, number], AsRun>(
    `SELECT ${AS_RUN_COLUMNS} FROM as_run WHERE channel_id = ? ORDER BY started_at_ms DESC, id DESC LIMIT ?`,
  );
  const asRunBetween = db.prepare<[string, number, number, number], AsRun>(
    `SELECT ${AS_RUN_COLUMNS} FROM as_run
     WHERE channel_id = ? AND (ended_at_ms IS NULL OR ended_at_ms >= ?) AND started_at_ms <= ?
     ORDER BY started_at_ms, id LIMIT ?`,
  );
  const aired = db.prepare<[string, number], { assetId: string }>(
    `SELECT asset_id AS assetId FROM as_run WHERE channel_id = ? AND kind = 'asset' AND asset_id IS NOT NULL
     ORDER BY started_at_ms DESC, id DESC LIMIT ?`,
  );
  const order = db.prepare<[string], Pick<QueueItem, 'id' | 'assetId' | 'state' | 'origin'>>(
    `SELECT id, asset_id AS assetId, state, origin FROM queue WHERE channel_id = ? ORDER BY position, id`,
  );
  const airedAssetIds = (channelId: string, limit: number): string[] =>
    aired
      .all(channelId, limit)
      .map((row) => row.assetId)
      .reverse();
  const cursor = db.prepare<[string], { seq: number }>('SELECT journal_cursor AS seq FROM channels WHERE id = ?');
  return {
    queue: (channelId, limit = EVERYTHING) =>
      queue.all(channelId, limit).map((row) => {
        const { itemId, itemState, assetId, position, origin, addedAtMs, palette, ...asset } = row;
        return {
          item: { id: itemId, channelId, assetId, position, state: itemState, origin, addedAtMs },
          asset: { id: assetId, ...asset, palette: paletteSchema.parse(palette) },
        };
      }),
    queueLength: (channelId) => length.get(channelId)?.count ?? 0,
    queueOrder: (channelId) => order.all(channelId),
    lastQueueItemId: (channelId) => last.get(channelId)?.id ?? null,
    bufferMs: (channelId) => buffer.get(channelId)?.ms ?? 0,
    transition: (from, to, profileId) => byPair.get(from, to, profileId) ?? null,
    transitionById: (id) => byId.get(id) ?? null,
    asRun: (channelId, limit) => asRun.all(channelId, limit),
    asRunBetween: (channelId, fromMs, toMs, limit) => asRunBetween.all(channelId, fromMs, toMs, limit),
    recentAssetIds(channelId, limit) {
      const queued = order
        .all(channelId)
        .filter((row) => row.state === 'queued')
        .map((row) => row.assetId);
      return [...airedAssetIds(channelId, Math.max(0, limit - queued.length)), ...queued].slice(-limit);
    },
    airedAssetIds,
    journalCursor: (channelId) => cursor.get(channelId)?.seq ?? -1,
  };
}
