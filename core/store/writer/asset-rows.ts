import type { Database } from 'better-sqlite3';
import type { Asset } from '../../contract/asset.ts';
import { perDatabase } from '../per-database.ts';
import { followPlan } from './plan-rows.ts';

const statements = perDatabase((db) => ({
  setState: db.prepare<[string, string, string]>('UPDATE assets SET state = ? WHERE id = ? AND state <> ?'),
  plan: db.prepare<[string], { planId: string | null }>('SELECT plan_id AS planId FROM assets WHERE id = ?'),
  dropQueued: db.prepare<[string]>(`DELETE FROM queue WHERE asset_id = ? AND state = 'queued'`),
}));

const LOST_REASON: Partial<Record<Asset['state'], string>> = {
  damaged: 'The prepared file is damaged: prepare it again.',
  missing: 'The prepared file is missing: prepare it again.',
};

/**
 * Changes the state of an asset; false when it had that state already or does not exist. An asset that can no longer air
 * leaves the queue (the item on air goes on), and a lost one fails its plan, so that a retry prepares it again.
 */
export function changeAssetState(db: Database, assetId: string, state: Asset['state'], atMs: number): boolean {
  if (statements(db).setState.run(state, assetId, state).changes === 0) return false;
  if (state !== 'ready') statements(db).dropQueued.run(assetId);
  const planId = statements(db).plan.get(assetId)?.planId ?? null;
  const message = LOST_REASON[state];
  if (planId !== null && message !== undefined)
    followPlan(db, planId, 'failed', atMs, { code: `asset_${state}`, message });
  return true;
}
