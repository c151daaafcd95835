import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';
import { followingRowId, lastRowId, positionAt, type QueuePlace, queueRow } from './queue-order.ts';

const originSchema = z.enum(['planner', 'operator']);

const statements = perDatabase((db) => ({
  assetState: db.prepare<[string, string], { state: string }>(
    'SELECT state FROM assets WHERE id = ? AND channel_id = ?',
  ),
  aired: db.prepare<[string], { id: string }>('SELECT id FROM as_run WHERE queue_item_id = ? LIMIT 1'),
  insert: db.prepare<[string, string, string, number, string, number]>(
    `INSERT INTO queue (id, channel_id, asset_id, position, state, origin, added_at_ms)
     VALUES (?, ?, ?, ?, 'queued', ?, ?)`,
  ),
  countQueued: db.prepare<[string]>('UPDATE assets SET queued_count = queued_count + 1 WHERE id = ?'),
  setPosition: db.prepare<[number, string]>('UPDATE queue SET position = ? WHERE id = ?'),
  remove: db.prepare<[string]>('DELETE FROM queue WHERE id = ?'),
}));

export const queueCommands = {
  'queue.add': command(storeCommandSchemas['queue.add'], ({ studio, touch }, args) => {
    if (isKnown(studio, args.id)) return null;
    const state = statements(studio).assetState.get(args.assetId, args.channelId)?.state;
    if (state === undefined)
      throw new StudioError('NOT_FOUND', `there is no asset ${args.assetId}`, { detail: { assetId: args.assetId } });
    if (state !== 'ready')
      throw new StudioError('CONFLICT', `asset ${args.assetId} is ${state}, not ready`, { detail: { state } });
    insertRow(studio, { ...args, position: positionAt(studio, args.channelId, args.where) });
    touch('queue');
    return null;
  }),

  /** Assets that stopped being ready meanwhile are left out. */
  'queue.extend': command(storeCommandSchemas['queue.extend'], ({ studio, touch }, args) => {
    if (lastRowId(studio, args.channelId) !== args.afterId) return { added: 0 };
    let added = 0;
    for (const item of args.items) {
      if (isKnown(studio, item.id)) continue;
      if (statements(studio).assetState.get(item.assetId, args.channelId)?.state !== 'ready') continue;
      const position = positionAt(studio, args.channelId, 'end');
      insertRow(studio, { ...args, ...item, position, origin: 'planner' });
      added += 1;
    }
    if (added > 0) touch('queue');
    return { added };
  }),

  'queue.move': command(storeCommandSchemas['queue.move'], ({ studio, touch }, args) => {
    const row = queueRow(studio, args.id);
    if (row === undefined) throw new StudioError('NOT_FOUND', `there is no queue item ${args.id}`);
    refuseOnAir(row);
    if (typeof args.where === 'object' && args.where.beforeId === args.id) return null;
    const position = positionAt(studio, row.channelId, args.where, row.id);
    statements(studio).setPosition.run(position, row.id);
    touch('queue');
    return null;
  }),

  'queue.remove': command(storeCommandSchemas['queue.remove'], ({ studio, touch }, args) => {
    const row = queueRow(studio, args.id);
    if (row === undefined) return null;
    refuseOnAir(row);
    const removed = {
      assetId: row.assetId,
      origin: originSchema.parse(row.origin),
      followedBy: followingRowId(studio, row),
    };
    statements(studio).remove.run(row.id);
    touch('queue');
    return removed;
  }),
};

function insertRow(
  db: Database,
  row: { id: string; channelId: string; assetId: string; position: number; origin: string; atMs: number },
): void {
  statements(db).insert.run(row.id, row.channelId, row.assetId, row.position, row.origin, row.atMs);
  statements(db).countQueued.run(row.assetId);
}

/** In the queue, or already aired: a command that is sent again must not add it a second time. */
function isKnown(db: Database, id: string): boolean {
  return queueRow(db, id) !== undefined || statements(db).aired.get(id) !== undefined;
}

function refuseOnAir(row: QueuePlace): void {
  if (row.state === 'on_air') throw new StudioError('LOCKED', 'the item on air cannot be moved or removed');
}
