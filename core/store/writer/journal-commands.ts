import { StudioError } from '../../contract/errors.ts';
import type { JournalEntry } from '../../contract/journal.ts';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { changeAssetState } from './asset-rows.ts';
import { type CommandContext, command } from './command.ts';
import { openIncident } from './incident-rows.ts';
import { followPlan } from './plan-rows.ts';
import { positionOnAir, queueRow } from './queue-order.ts';

type Start = Extract<JournalEntry, { type: 'start' }>;
type End = Extract<JournalEntry, { type: 'end' }>;
type Damage = Extract<JournalEntry, { type: 'damage' }>;

interface AsRunRow {
  id: string;
  assetId: string | null;
  queueItemId: string | null;
  frames: number;
  endedAtMs: number | null;
}

const AS_RUN_COLUMNS = 'id, asset_id AS assetId, queue_item_id AS queueItemId, frames, ended_at_ms AS endedAtMs';

const statements = perDatabase((db) => ({
  cursor: db.prepare<[string], { seq: number }>('SELECT journal_cursor AS seq FROM channels WHERE id = ?'),
  setCursor: db.prepare<[number, string]>('UPDATE channels SET journal_cursor = ? WHERE id = ?'),
  insert: db.prepare<[string, string, string, string | null, string | null, string, number, number, number]>(
    `INSERT INTO as_run (id, channel_id, kind, queue_item_id, asset_id, title, frames, started_at_ms, from_frame)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ),
  byId: db.prepare<[string], AsRunRow>(`SELECT ${AS_RUN_COLUMNS} FROM as_run WHERE id = ?`),
  open: db.prepare<[string], AsRunRow>(
    `SELECT ${AS_RUN_COLUMNS} FROM as_run WHERE channel_id = ? AND ended_at_ms IS NULL`,
  ),
  close: db.prepare<[number, number | null, string, string]>(
    'UPDATE as_run SET ended_at_ms = ?, to_frame = ?, end_reason = ? WHERE id = ?',
  ),
  onAirRow: db.prepare<[string], { id: string; assetId: string }>(
    `SELECT id, asset_id AS assetId FROM queue WHERE channel_id = ? AND state = 'on_air'`,
  ),
  putOnAir: db.prepare<[number, string]>(`UPDATE queue SET state = 'on_air', position = ? WHERE id = ?`),
  putBack: db.prepare<[string]>(`UPDATE queue SET state = 'queued' WHERE id = ?`),
  remove: db.prepare<[string]>('DELETE FROM queue WHERE id = ?'),
  aired: db.prepare<[number, string]>(
    'UPDATE assets SET aired_count = aired_count + 1, last_aired_ms = ? WHERE id = ?',
  ),
  planOf: db.prepare<[string], { planId: string | null }>('SELECT plan_id AS planId FROM assets WHERE id = ?'),
  spoiltTransition: db.prepare<[string, number, string]>(
    `UPDATE transitions SET state = 'failed', error = ?, updated_at_ms = ? WHERE id = ?`,
  ),
}));

export const journalCommands = {
  'journal.import': command(storeCommandSchemas['journal.import'], (context, args) => {
    const { cursor, setCursor } = statements(context.studio);
    const stored = cursor.get(args.channelId);
    if (stored === undefined) throw new StudioError('NOT_FOUND', `there is no channel ${args.channelId}`);
    let { seq } = stored;
    let imported = 0;
    for (const entry of args.entries) {
      if (entry.seq <= seq) continue;
      importEntry(context, args.channelId, entry);
      seq = entry.seq;
      imported += 1;
    }
    if (imported > 0) setCursor.run(seq, args.channelId);
    return { imported };
  }),
};

function importEntry(context: CommandContext, channelId: string, entry: JournalEntry): void {
  switch (entry.type) {
    case 'start':
      importStart(context, channelId, entry);
      break;
    case 'end':
      importEnd(context, channelId, entry);
      break;
    case 'damage':
      importDamage(context, channelId, entry);
      break;
    case 'mode':
    case 'engine':
      break;
  }
}

function importStart(context: CommandContext, channelId: string, entry: Start): void {
  const { studio, touch } = context;
  const sql = statements(studio);
  // What was still open has no end line: its engine was lost.
  for (const row of sql.open.all(channelId)) sql.close.run(entry.atMs, null, 'engine_lost', row.id);
  settleRowOnAir(context, channelId, entry);
  sql.insert.run(
    entry.asRunId,
    channelId,
    entry.kind,
    entry.queueItemId,
    entry.assetId,
    entry.title,
    entry.frames,
    entry.atMs,
    entry.fromFrame,
  );
  touch('as_run');
  if (entry.queueItemId !== null && queueRow(studio, entry.queueItemId) !== undefined) {
    sql.putOnAir.run(positionOnAir(studio, channelId, entry.queueItemId), entry.queueItemId);
    touch('queue');
  }
  if (entry.kind === 'asset' && entry.assetId !== null) followAssetPlan(context, entry.assetId, 'on_air', entry.atMs);
}

/**
 * A row that is still on air when something else starts lost its end line. Another item replaces it for good; after an
 * emergency or an error screen it may come back, so it waits at the head.
 */
function settleRowOnAir(context: CommandContext, channelId: string, entry: Start): void {
  const { studio, touch } = context;
  const row = statements(studio).onAirRow.get(channelId);
  if (row === undefined || row.id === entry.queueItemId) return;
  const replaced = entry.kind === 'asset';
  if (replaced) statements(studio).remove.run(row.id);
  else statements(studio).putBack.run(row.id);
  followAssetPlan(context, row.assetId, replaced ? 'played' : 'ready', entry.atMs);
  touch('queue');
}

function importEnd(context: CommandContext, channelId: string, entry: End): void {
  const { studio, touch } = context;
  const sql = statements(studio);
  const aired = sql.byId.get(entry.asRunId);
  if (aired !== undefined) {
    sql.close.run(entry.atMs, entry.toFrame, entry.reason, entry.asRunId);
    touch('as_run');
  }
  const queueItemId = entry.queueItemId ?? aired?.queueItemId ?? null;
  const row = queueItemId === null ? undefined : queueRow(studio, queueItemId);
  if (row !== undefined && row.channelId === channelId) {
    if (entry.willResume) sql.putBack.run(row.id);
    else sql.remove.run(row.id);
    touch('queue');
  }
  const assetId = aired?.assetId ?? null;
  if (assetId === null) return;
  followAssetPlan(context, assetId, entry.willResume ? 'ready' : 'played', entry.atMs);
  const mostlyAired = entry.reason === 'finished' || entry.toFrame * 2 > (aired?.frames ?? 0);
  if (mostlyAired && !entry.willResume) {
    sql.aired.run(entry.atMs, assetId);
    touch('assets');
  }
}

function importDamage(context: CommandContext, channelId: string, entry: Damage): void {
  const { studio, touch } = context;
  if (entry.assetId === null) {
    const transitionId = entry.path.replace(/^.*[\\/]/, '').replace(/\.ts$/, '');
    if (statements(studio).spoiltTransition.run(entry.detail, entry.atMs, transitionId).changes > 0)
      touch('transitions');
  } else if (changeAssetState(studio, entry.assetId, 'damaged', entry.atMs)) {
    touch('assets', 'plans', 'queue');
  }
  const opened = openIncident(studio, {
    id: `damage:${channelId}:${entry.seq}`,
    channelId,
    code: entry.assetId === null ? 'piece_damaged' : 'asset_damaged',
    subject: entry.assetId ?? entry.path,
    severity: 'warning',
    message: `${entry.path} was left at frame ${entry.atFrame}: ${entry.detail}`,
    atMs: entry.atMs,
  });
  if (opened) touch('incidents');
}

function followAssetPlan(
  { studio, touch }: CommandContext,
  assetId: string,
  to: 'on_air' | 'played' | 'ready',
  atMs: number,
): void {
  const planId = statements(studio).planOf.get(assetId)?.planId ?? null;
  if (planId !== null && followPlan(studio, planId, to, atMs)) touch('plans');
}
