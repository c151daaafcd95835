import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { houseProfileSchema } from '../../contract/profile.ts';
import { ASSET_COLUMNS, assetRowSchema } from '../asset-columns.ts';
import { booleanColumn, jsonColumn } from '../json-column.ts';
import type { AssetSummary, LibraryFolder, StudioReader } from '../studio-reader.ts';

type LibraryReads = Pick<
  StudioReader,
  | 'channel'
  | 'setting'
  | 'libraryFolders'
  | 'asset'
  | 'assetByContentHash'
  | 'readyAssets'
  | 'readyAssetSummaries'
  | 'neverQueuedAssetIds'
>;

const channelSchema = z.object({
  id: z.string(),
  name: z.string(),
  profile: jsonColumn(houseProfileSchema),
  profileId: z.string(),
  seed: z.string(),
  onAirWanted: booleanColumn,
  createdAtMs: z.number(),
});

/** The assets of the channel's own profile that may air. */
const READY = `assets a JOIN channels c ON c.id = a.channel_id AND c.profile_id = a.profile_id
  WHERE a.channel_id = ? AND a.state = 'ready'`;

export function libraryReads(db: Database): LibraryReads {
  const channel = db.prepare<[string]>(
    `SELECT id, name, profile, profile_id AS profileId, seed, on_air_wanted AS onAirWanted, created_at_ms AS createdAtMs
     FROM channels WHERE id = ?`,
  );
  const setting = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const folders = db.prepare<[string], LibraryFolder>(
    `SELECT id, path, added_at_ms AS addedAtMs FROM library_folders WHERE channel_id = ? ORDER BY added_at_ms, id`,
  );
  const byId = db.prepare<[string]>(`SELECT ${ASSET_COLUMNS} FROM assets a WHERE a.id = ?`);
  const byContent = db.prepare<[string, string]>(
    `SELECT ${ASSET_COLUMNS} FROM ${READY} AND a.content_hash = ? ORDER BY a.id LIMIT 1`,
  );
  const ready = db.prepare<[string]>(`SELECT ${ASSET_COLUMNS} FROM ${READY} ORDER BY a.id`);
  const summaries = db.prepare<[string], AssetSummary>(
    `SELECT a.id, a.frames, a.duration_ms AS durationMs, a.aired_count AS airedCount, a.created_at_ms AS createdAtMs
     FROM ${READY} ORDER BY a.id`,
  );
  const neverQueued = db.prepare<[string, number], { id: string }>(
    `SELECT a.id FROM ${READY} AND a.queued_count = 0 ORDER BY a.created_at_ms, a.id LIMIT ?`,
  );
  const maybeAsset = assetRowSchema.nullable();
  return {
    channel: (channelId) => channelSchema.nullable().parse(channel.get(channelId) ?? null),
    setting(key) {
      const row = setting.get(key);
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    libraryFolders: (channelId) => folders.all(channelId),
    asset: (assetId) => maybeAsset.parse(byId.get(assetId) ?? null),
    assetByContentHash: (channelId, hash) => maybeAsset.parse(byContent.get(channelId, hash) ?? null),
    readyAssets: (channelId) => ready.all(channelId).map((row) => assetRowSchema.parse(row)),
    readyAssetSummaries: (channelId) => summaries.all(channelId),
    neverQueuedAssetIds: (channelId, limit) => neverQueued.all(channelId, limit).map((row) => row.id),
  };
}
