import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { alertChannelSchema, alertStateSchema, alertTargetSchema } from '../../contract/alert.ts';
import type { IncidentEvent } from '../../contract/incident.ts';
import { jsonColumn } from '../json-column.ts';
import type { IncidentRow, StudioReader } from '../studio-reader.ts';

type IncidentReads = Pick<
  StudioReader,
  | 'openIncidents'
  | 'incidents'
  | 'incident'
  | 'incidentEvents'
  | 'incidentsToTell'
  | 'lastResolvedRow'
  | 'prepareOutcomes'
  | 'alertChannels'
>;

const COLUMNS = `(SELECT e.rowid FROM incident_events e WHERE e.id = incidents.id || ':resolved') AS resolvedRow, id, code, subject, severity, message, opened_at_ms AS openedAtMs,
  last_seen_ms AS lastSeenMs, count, resolved_at_ms AS resolvedAtMs`;

const alertChannelRowSchema = z.object({
  alertChannel: alertChannelSchema.extend({ target: jsonColumn(alertTargetSchema) }),
  state: jsonColumn(alertStateSchema).nullable(),
});

export function incidentReads(db: Database): IncidentReads {
  const open = db.prepare<[string], IncidentRow>(
    `SELECT ${COLUMNS} FROM incidents WHERE channel_id = ? AND resolved_at_ms IS NULL
     ORDER BY opened_at_ms DESC, id DESC`,
  );
  const newest = db.prepare<[string, number], IncidentRow>(
    `SELECT ${COLUMNS} FROM incidents WHERE channel_id = ? ORDER BY rowid DESC LIMIT ?`,
  );
  const byId = db.prepare<[string], IncidentRow>(`SELECT ${COLUMNS} FROM incidents WHERE id = ?`);
  const toTell = db.prepare<[string, string, number], IncidentRow>(
    `SELECT ${COLUMNS} FROM incidents WHERE channel_id = ?
       AND (resolved_at_ms IS NULL OR id IN (SELECT value FROM json_each(?))
         OR id IN (SELECT incident_id FROM incident_events WHERE rowid > ? AND kind = 'resolved')) ORDER BY rowid`,
  );
  const lastEnd = db.prepare<[], { row: number | null }>(
    "SELECT max(rowid) AS row FROM incident_events WHERE kind = 'resolved'",
  );
  const events = db.prepare<[string], IncidentEvent>(
    'SELECT kind, message, at_ms AS atMs FROM incident_events WHERE incident_id = ? ORDER BY at_ms, rowid',
  );
  const outcomes = db.prepare<[number], { state: 'done' | 'failed' }>(
    `SELECT state FROM jobs WHERE kind = 'prepare' AND state IN ('done', 'failed') ORDER BY updated_at_ms DESC LIMIT ?`,
  );
  const channels = db.prepare<[string], Record<string, unknown> & { state: string | null }>(
    `SELECT id, channel_id AS channelId, name, target, min_severity AS minSeverity, created_at_ms AS createdAtMs, state
     FROM alert_channels WHERE channel_id = ? ORDER BY created_at_ms, id`,
  );
  return {
    openIncidents: (channelId) => open.all(channelId),
    incidents: (channelId, limit) => newest.all(channelId, limit),
    incident: (id) => byId.get(id) ?? null,
    incidentEvents: (id) => events.all(id),
    incidentsToTell: (channelId, afterRow, ids) => toTell.all(channelId, JSON.stringify(ids), afterRow),
    lastResolvedRow: () => lastEnd.get()?.row ?? 0,
    prepareOutcomes: (limit) => outcomes.all(limit).map((row) => row.state),
    alertChannels: (channelId) =>
      channels.all(channelId).map(({ state, ...alertChannel }) => alertChannelRowSchema.parse({ alertChannel, state })),
  };
}
