import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { planReasonSchema, planSchema } from '../../contract/plan.ts';
import { PLAN_STATES, type PlanState, planStateSchema } from '../../contract/plan-state.ts';
import { jsonColumn } from '../json-column.ts';
import type { StudioReader } from '../studio-reader.ts';

type PlanReads = Pick<
  StudioReader,
  | 'plan'
  | 'planByLocator'
  | 'plans'
  | 'plansToSelect'
  | 'freshPlansToSelect'
  | 'plansOfAnotherFormat'
  | 'planCounts'
  | 'knownFiles'
>;

const COLUMNS = `id, channel_id AS channelId, source_kind AS sourceKind, locator, title, state, reason,
  file_bytes AS fileBytes, file_modified_ms AS fileModifiedMs, content_hash AS contentHash, asset_id AS assetId,
  discovered_at_ms AS discoveredAtMs, updated_at_ms AS updatedAtMs`;

const rowSchema = planSchema.extend({ reason: jsonColumn(planReasonSchema).nullable() });
const countsSchema = z.record(planStateSchema, z.number());
const maybeRowSchema = rowSchema.nullable();

export function planReads(db: Database): PlanReads {
  const byId = db.prepare<[string]>(`SELECT ${COLUMNS} FROM plans WHERE id = ?`);
  const byLocator = db.prepare<[string, string]>(`SELECT ${COLUMNS} FROM plans WHERE channel_id = ? AND locator = ?`);
  const newest = db.prepare<[string, number, number]>(
    `SELECT ${COLUMNS} FROM plans WHERE channel_id = ? ORDER BY updated_at_ms DESC, id DESC LIMIT ? OFFSET ?`,
  );
  const newestInStates = db.prepare<[string, string, number, number]>(
    `SELECT ${COLUMNS} FROM plans WHERE channel_id = ? AND state IN (SELECT value FROM json_each(?))
     ORDER BY updated_at_ms DESC, id DESC LIMIT ? OFFSET ?`,
  );
  const toSelect = db.prepare<[string, number]>(
    `SELECT ${COLUMNS} FROM plans WHERE channel_id = ? AND state = 'planned' ORDER BY discovered_at_ms, id LIMIT ?`,
  );
  const freshToSelect = db.prepare<[string, string, number]>(
    `SELECT ${COLUMNS} FROM plans WHERE channel_id = ? AND state = 'planned' AND discovered_at_ms >
       (SELECT coalesce(max(discovered_at_ms), 0) FROM plans WHERE channel_id = ? AND state <> 'planned')
     ORDER BY discovered_at_ms DESC, id DESC LIMIT ?`,
  );
  const ofAnotherFormat = db.prepare<[string, number]>(
    `SELECT ${COLUMNS} FROM plans WHERE channel_id = ? AND state IN ('ready', 'played') AND asset_id IN
       (SELECT a.id FROM assets a JOIN channels c ON c.id = a.channel_id WHERE a.profile_id <> c.profile_id)
     ORDER BY discovered_at_ms, id LIMIT ?`,
  );
  const counts = db.prepare<[string], { state: string; count: number }>(
    'SELECT state, count(*) AS count FROM plans WHERE channel_id = ? GROUP BY state',
  );
  const files = db.prepare<
    [string],
    { locator: string; fileBytes: number | null; fileModifiedMs: number | null; state: PlanState }
  >(
    `SELECT locator, file_bytes AS fileBytes, file_modified_ms AS fileModifiedMs, state FROM plans
     WHERE channel_id = ? AND source_kind = 'folder'`,
  );
  return {
    plan: (id) => maybeRowSchema.parse(byId.get(id) ?? null),
    planByLocator: (channelId, locator) => maybeRowSchema.parse(byLocator.get(channelId, locator) ?? null),
    plans({ channelId, states, limit, offset = 0 }) {
      const rows =
        states === undefined
          ? newest.all(channelId, limit, offset)
          : newestInStates.all(channelId, JSON.stringify(states), limit, offset);
      return rows.map((row) => rowSchema.parse(row));
    },
    plansToSelect: (channelId, limit) => toSelect.all(channelId, limit).map((row) => rowSchema.parse(row)),
    freshPlansToSelect: (channelId, limit) =>
      freshToSelect.all(channelId, channelId, limit).map((row) => rowSchema.parse(row)),
    plansOfAnotherFormat: (channelId, limit) =>
      ofAnotherFormat.all(channelId, limit).map((row) => rowSchema.parse(row)),
    planCounts(channelId) {
      const found = Object.fromEntries(counts.all(channelId).map((row) => [row.state, row.count]));
      return countsSchema.parse(Object.fromEntries(PLAN_STATES.map((state) => [state, found[state] ?? 0])));
    },
    // All at once: an iterator would keep its snapshot, and with it the write-ahead log, while the caller looks at the disk.
    knownFiles: (channelId) => files.all(channelId),
  };
}
