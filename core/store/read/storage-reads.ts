import type { Database } from 'better-sqlite3';
import { storedAssetSchema } from '../stored-asset.ts';
import type { StudioReader } from '../studio-reader.ts';

type StorageReads = Pick<StudioReader, 'storedAssets' | 'storedTransitions' | 'runningJobIds'>;

export function storageReads(db: Database): StorageReads {
  const assets = db.prepare<[]>(
    `SELECT a.id, a.state, p.state AS planState, p.source_kind AS sourceKind, p.locator,
       EXISTS (SELECT 1 FROM queue q WHERE q.asset_id = a.id) AS queued,
       a.last_aired_ms AS lastAiredMs, a.created_at_ms AS createdAtMs
     FROM assets a LEFT JOIN plans p ON p.id = a.plan_id AND p.asset_id = a.id`,
  );
  const transitions = db.prepare<[], { id: string; state: 'wanted' | 'ready' | 'failed' }>(
    'SELECT id, state FROM transitions',
  );
  const running = db.prepare<[], { id: string }>(`SELECT id FROM jobs WHERE state = 'running'`);
  return {
    storedAssets: () => assets.all().map((row) => storedAssetSchema.parse(row)),
    storedTransitions: () => transitions.all(),
    runningJobIds: () => running.all().map(({ id }) => id),
  };
}
