import { StudioError } from '../../contract/errors.ts';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';
import { jobId, openJob } from './job-rows.ts';

const statements = perDatabase((db) => ({
  insert: db.prepare<[string, string, string, string, string, number]>(
    `INSERT INTO transitions (id, channel_id, from_asset_id, to_asset_id, profile_id, state, updated_at_ms)
     VALUES (?, ?, ?, ?, ?, 'wanted', ?) ON CONFLICT (from_asset_id, to_asset_id, profile_id) DO NOTHING`,
  ),
  byPair: db.prepare<[string, string, string], { id: string; state: string }>(
    'SELECT id, state FROM transitions WHERE from_asset_id = ? AND to_asset_id = ? AND profile_id = ?',
  ),
  allWanted: db.prepare<[string], { id: string }>(
    `SELECT id FROM transitions WHERE channel_id = ? AND state = 'wanted'`,
  ),
  job: db.prepare<[string], { state: string; priority: number }>('SELECT state, priority FROM jobs WHERE id = ?'),
  setPriority: db.prepare<[number, string]>('UPDATE jobs SET priority = ? WHERE id = ?'),
  dropJob: db.prepare<[string]>('DELETE FROM jobs WHERE id = ?'),
  drop: db.prepare<[string]>('DELETE FROM transitions WHERE id = ?'),
  ready: db.prepare<[number, number, string, number, string]>(
    `UPDATE transitions SET state = 'ready', frames = ?, bytes = ?, header_hash = ?, error = NULL, updated_at_ms = ?
     WHERE id = ?`,
  ),
  failed: db.prepare<[string, number, string]>(
    `UPDATE transitions SET state = 'failed', error = ?, updated_at_ms = ? WHERE id = ?`,
  ),
}));

export const transitionCommands = {
  /** A pair that was asked for before keeps its first id. Transitions that are being rendered are left to finish. */
  'transition.want': command(storeCommandSchemas['transition.want'], ({ studio, touch }, args) => {
    const sql = statements(studio);
    const named = new Set<string>();
    for (const [order, pair] of args.pairs.entries()) {
      const { changes } = sql.insert.run(
        pair.id,
        args.channelId,
        pair.fromAssetId,
        pair.toAssetId,
        pair.profileId,
        args.atMs,
      );
      if (changes > 0) touch('transitions');
      const row = sql.byPair.get(pair.fromAssetId, pair.toAssetId, pair.profileId);
      if (row === undefined || row.state !== 'wanted' || named.has(row.id)) continue;
      named.add(row.id);
      const job = sql.job.get(jobId('transition', row.id));
      if (job === undefined || job.state === 'done') {
        openJob(studio, 'transition', row.id, order, args.atMs);
        touch('jobs');
      } else if (job.state === 'waiting' && job.priority !== order) {
        sql.setPriority.run(order, jobId('transition', row.id));
      }
    }
    for (const { id } of sql.allWanted.all(args.channelId)) {
      if (named.has(id) || sql.job.get(jobId('transition', id))?.state === 'running') continue;
      sql.dropJob.run(jobId('transition', id));
      sql.drop.run(id);
      touch('transitions', 'jobs');
    }
    return null;
  }),

  'transition.ready': command(storeCommandSchemas['transition.ready'], ({ studio, touch }, args) => {
    const { changes } = statements(studio).ready.run(args.frames, args.bytes, args.headerHash, args.atMs, args.id);
    if (changes === 0) throw missing(args.id);
    touch('transitions');
    return null;
  }),

  /** One that is being rendered is left. */
  'transition.forget': command(storeCommandSchemas['transition.forget'], ({ studio, touch }, args) => {
    const sql = statements(studio);
    for (const id of args.ids) {
      const job = jobId('transition', id);
      if (sql.job.get(job)?.state === 'running') continue;
      sql.dropJob.run(job);
      if (sql.drop.run(id).changes > 0) touch('transitions');
    }
    return null;
  }),

  'transition.failed': command(storeCommandSchemas['transition.failed'], ({ studio, touch }, args) => {
    if (statements(studio).failed.run(args.error, args.atMs, args.id).changes === 0) throw missing(args.id);
    touch('transitions');
    return null;
  }),
};

function missing(id: string): StudioError {
  return new StudioError('NOT_FOUND', `there is no transition ${id}`, { detail: { id } });
}
