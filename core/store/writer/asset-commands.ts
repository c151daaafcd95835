import { StudioError } from '../../contract/errors.ts';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { changeAssetState } from './asset-rows.ts';
import { command } from './command.ts';
import { resolveIncident } from './incident-rows.ts';
import { movePlan } from './plan-rows.ts';

type AssetValues = [
  id: string,
  channelId: string,
  planId: string | null,
  title: string,
  profileId: string,
  frames: number,
  durationMs: number,
  bytes: number,
  headerHash: string,
  contentHash: string | null,
  state: string,
  qa: string,
  filmstrip: string | null,
  createdAtMs: number,
];

const statements = perDatabase((db) => ({
  exists: db.prepare<[string], { id: string }>('SELECT id FROM assets WHERE id = ?'),
  insert: db.prepare<AssetValues>(
    `INSERT INTO assets (id, channel_id, plan_id, title, profile_id, frames, duration_ms, bytes, header_hash,
       content_hash, state, qa, filmstrip, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  earlier: db.prepare<[string], { assetId: string | null }>('SELECT asset_id AS assetId FROM plans WHERE id = ?'),
  evictable: db.prepare<[string], { id: string }>(
    `SELECT p.id FROM assets a JOIN plans p ON p.id = a.plan_id AND p.asset_id = a.id
     WHERE a.id = ? AND a.state = 'ready' AND p.state IN ('ready', 'played')
       AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.asset_id = a.id)`,
  ),
  unlink: db.prepare<[string]>('UPDATE plans SET asset_id = NULL WHERE id = ?'),
  link: db.prepare<[string, string]>('UPDATE plans SET asset_id = ? WHERE id = ?'),
}));

export const assetCommands = {
  /** An asset that the plan had before is retired (the same video is not to air from two files), and its incidents are over. */
  'asset.certify': command(storeCommandSchemas['asset.certify'], ({ studio, touch }, { asset, contentHash, atMs }) => {
    const { exists, insert, earlier, link } = statements(studio);
    if (exists.get(asset.id) !== undefined) return null;
    insert.run(
      asset.id,
      asset.channelId,
      asset.planId,
      asset.title,
      asset.profileId,
      asset.frames,
      asset.durationMs,
      asset.bytes,
      asset.headerHash,
      contentHash,
      asset.state,
      JSON.stringify(asset.qa),
      asset.filmstrip === null ? null : JSON.stringify(asset.filmstrip),
      asset.createdAtMs,
    );
    touch('assets');
    if (asset.planId !== null) {
      const before = earlier.get(asset.planId)?.assetId ?? null;
      movePlan(studio, asset.planId, 'ready', atMs, { contentHash });
      link.run(asset.id, asset.planId);
      touch('plans');
      if (before !== null && changeAssetState(studio, before, 'retired', atMs)) touch('queue');
      const mended = [
        resolveIncident(studio, 'prepare_failed', asset.planId, atMs),
        before !== null && resolveIncident(studio, 'asset_damaged', before, atMs),
      ];
      if (mended.includes(true)) touch('incidents');
    }
    return null;
  }),

  'asset.evict': command(storeCommandSchemas['asset.evict'], ({ studio, touch }, { assetId, atMs }) => {
    const { evictable, unlink } = statements(studio);
    const plan = evictable.get(assetId);
    if (plan === undefined) return { evicted: false };
    changeAssetState(studio, assetId, 'retired', atMs);
    movePlan(studio, plan.id, 'expired', atMs);
    movePlan(studio, plan.id, 'planned', atMs);
    unlink.run(plan.id);
    touch('assets', 'plans');
    return { evicted: true };
  }),

  'asset.setState': command(storeCommandSchemas['asset.setState'], ({ studio, touch }, args) => {
    if (statements(studio).exists.get(args.assetId) === undefined)
      throw new StudioError('NOT_FOUND', `there is no asset ${args.assetId}`, { detail: { assetId: args.assetId } });
    if (changeAssetState(studio, args.assetId, args.state, args.atMs)) touch('assets', 'plans', 'queue');
    return null;
  }),
};
