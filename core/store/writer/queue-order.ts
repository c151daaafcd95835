import type { Database } from 'better-sqlite3';
import { StudioError } from '../../contract/errors.ts';
import { perDatabase } from '../per-database.ts';

export type Where = 'end' | 'head' | { beforeId: string };

/** Distance between neighbours after numbering; halved by every insertion between them. */
const STEP = 1024;
/** Below this distance the whole queue is numbered again: far above the resolution of a double at any real queue length. */
const SMALLEST_GAP = 1e-3;

interface Place {
  id: string;
  position: number;
  state: string;
}

const statements = perDatabase((db) => ({
  byId: db.prepare<[string], Place & { channelId: string; assetId: string; origin: string }>(
    'SELECT id, channel_id AS channelId, asset_id AS assetId, position, state, origin FROM queue WHERE id = ?',
  ),
  last: db.prepare<[string, string], Place>(
    `SELECT id, position, state FROM queue WHERE channel_id = ? AND id <> ? ORDER BY position DESC, id DESC LIMIT 1`,
  ),
  /** Only the very first row may be on air, so the first queued one is found within two steps. */
  firstQueued: db.prepare<[string, string], Place>(
    `SELECT id, position, state FROM queue WHERE channel_id = ? AND id <> ? AND state = 'queued'
     ORDER BY position, id LIMIT 1`,
  ),
  before: db.prepare<[string, number, string, string], Place>(
    `SELECT id, position, state FROM queue WHERE channel_id = ? AND (position, id) < (?, ?) AND id <> ?
     ORDER BY position DESC, id DESC LIMIT 1`,
  ),
  after: db.prepare<[string, number, string], Place>(
    `SELECT id, position, state FROM queue WHERE channel_id = ? AND (position, id) > (?, ?) ORDER BY position, id LIMIT 1`,
  ),
  inOrder: db.prepare<[string], { id: string }>('SELECT id FROM queue WHERE channel_id = ? ORDER BY position, id'),
  setPosition: db.prepare<[number, string]>('UPDATE queue SET position = ? WHERE id = ?'),
}));

export interface QueuePlace extends Place {
  channelId: string;
  assetId: string;
  origin: string;
}

export function queueRow(db: Database, id: string): QueuePlace | undefined {
  return statements(db).byId.get(id);
}

export function lastRowId(db: Database, channelId: string): string | null {
  return statements(db).last.get(channelId, '')?.id ?? null;
}

/** The row that plays after this one, or null. */
export function followingRowId(db: Database, row: QueuePlace): string | null {
  return statements(db).after.get(row.channelId, row.position, row.id)?.id ?? null;
}

/**
 * A position at the asked place of the queue; never before the item on air. `movingId` is the row that is being moved
 * (it does not count as a neighbour), or '' for a new one.
 *
 * @throws StudioError `NOT_FOUND` when the named row is gone, `LOCKED` when it is on air.
 */
export function positionAt(db: Database, channelId: string, where: Where, movingId = ''): number {
  const { last, firstQueued } = statements(db);
  if (where === 'end') return (last.get(channelId, movingId)?.position ?? 0) + STEP;
  const next = where === 'head' ? firstQueued.get(channelId, movingId) : rowToPrecede(db, channelId, where.beforeId);
  if (next === undefined) return (last.get(channelId, movingId)?.position ?? 0) + STEP;
  const gap = gapBefore(db, channelId, next, movingId);
  if (gap !== null) return gap;
  renumber(db, channelId);
  return positionAt(db, channelId, where, movingId);
}

/** A position before every other row: where the item on air stands. */
export function positionOnAir(db: Database, channelId: string, id: string): number {
  const row = statements(db).byId.get(id);
  const first = statements(db).inOrder.get(channelId);
  if (row !== undefined && first?.id === id) return row.position;
  const head = first === undefined ? undefined : statements(db).byId.get(first.id);
  return head === undefined ? STEP : head.position - STEP;
}

function rowToPrecede(db: Database, channelId: string, id: string): Place {
  const row = statements(db).byId.get(id);
  if (row === undefined || row.channelId !== channelId)
    throw new StudioError('NOT_FOUND', `there is no queue item ${id}`, { detail: { id } });
  if (row.state === 'on_air') throw new StudioError('LOCKED', 'nothing can be put before the item on air');
  return row;
}

/** The middle between a row and the one before it, or null when they are too close. */
function gapBefore(db: Database, channelId: string, next: Place, movingId: string): number | null {
  const previous = statements(db).before.get(channelId, next.position, next.id, movingId);
  if (previous === undefined) return next.position - STEP;
  if (next.position - previous.position < SMALLEST_GAP) return null;
  return (previous.position + next.position) / 2;
}

function renumber(db: Database, channelId: string): void {
  const { inOrder, setPosition } = statements(db);
  let position = 0;
  for (const row of inOrder.all(channelId)) {
    position += STEP;
    setPosition.run(position, row.id);
  }
}
