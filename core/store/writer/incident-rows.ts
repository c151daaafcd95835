import type { Database } from 'better-sqlite3';
import type { IncidentCode, IncidentEvent, Severity } from '../../contract/incident.ts';
import { perDatabase } from '../per-database.ts';

export interface IncidentFacts {
  /** Of this report of the fault: sending the same report again changes nothing. */
  id: string;
  channelId: string;
  code: IncidentCode;
  subject: string;
  severity: Severity;
  message: string;
  atMs: number;
}

const statements = perDatabase((db) => ({
  exists: db.prepare<[string], { id: string }>('SELECT id FROM incidents WHERE id = ?'),
  openOne: db.prepare<[string, string, string], { id: string; lastEventId: string }>(
    `SELECT id, last_event_id AS lastEventId FROM incidents
     WHERE channel_id = ? AND code = ? AND subject = ? AND resolved_at_ms IS NULL`,
  ),
  insert: db.prepare<[string, string, string, string, string, string, number, number, string]>(
    `INSERT INTO incidents (id, channel_id, code, subject, severity, message, opened_at_ms, last_seen_ms,
       last_event_id, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
  ),
  /** The severity only grows while it is open: several watchers may judge the same fault differently. */
  again: db.prepare<[string, string, string, number, string, string]>(
    `UPDATE incidents SET severity = CASE WHEN severity = 'critical' OR ? = 'info' THEN severity ELSE ? END,
       message = ?, last_seen_ms = ?, last_event_id = ?, count = count + 1
     WHERE id = ?`,
  ),
  open: db.prepare<[string, string], { id: string }>(
    'SELECT id FROM incidents WHERE code = ? AND subject = ? AND resolved_at_ms IS NULL',
  ),
  resolve: db.prepare<[number, string]>('UPDATE incidents SET resolved_at_ms = ? WHERE id = ?'),
  note: db.prepare<[string, string, string, string, number]>(
    `INSERT INTO incident_events (id, incident_id, kind, message, at_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  ),
  /** The first sighting and the newest are what a postmortem needs. */
  trim: db.prepare<{ incidentId: string; kept: number }>(
    `DELETE FROM incident_events WHERE incident_id = @incidentId AND id <> @incidentId AND kind = 'seen' AND id NOT IN (
       SELECT id FROM incident_events WHERE incident_id = @incidentId ORDER BY at_ms DESC, id DESC LIMIT @kept)`,
  ),
}));

const EVENTS_KEPT = 200;

/** Opens an incident, or counts it again when one with the same code and subject is open; false when already known. */
export function openIncident(db: Database, facts: IncidentFacts): boolean {
  const sql = statements(db);
  const open = sql.openOne.get(facts.channelId, facts.code, facts.subject);
  if (open?.lastEventId === facts.id || sql.exists.get(facts.id) !== undefined) return false;
  if (open !== undefined) {
    sql.again.run(facts.severity, facts.severity, facts.message, facts.atMs, facts.id, open.id);
    note(db, { id: facts.id, incidentId: open.id, kind: 'seen', message: facts.message, atMs: facts.atMs });
    return true;
  }
  const { id, channelId, code, subject, severity, message, atMs } = facts;
  sql.insert.run(id, channelId, code, subject, severity, message, atMs, atMs, id);
  note(db, { id, incidentId: id, kind: 'seen', message, atMs });
  return true;
}

/** Ends every open incident of this code and subject; false when there is none. */
export function resolveIncident(db: Database, code: IncidentCode, subject: string, atMs: number): boolean {
  const open = statements(db).open.all(code, subject);
  for (const { id } of open) {
    statements(db).resolve.run(atMs, id);
    note(db, { id: `${id}:resolved`, incidentId: id, kind: 'resolved', message: 'It is over.', atMs });
  }
  return open.length > 0;
}

/** Adds an action to the history of the open incident; false when there is none, or when it is known already. */
export function noteIncidentAction(db: Database, facts: Omit<IncidentFacts, 'severity'>): boolean {
  const open = statements(db).openOne.get(facts.channelId, facts.code, facts.subject);
  if (open === undefined) return false;
  return note(db, { id: facts.id, incidentId: open.id, kind: 'action', message: facts.message, atMs: facts.atMs });
}

function note(db: Database, event: IncidentEvent & { id: string; incidentId: string }): boolean {
  const { id, incidentId, kind, message, atMs } = event;
  const added = statements(db).note.run(id, incidentId, kind, message, atMs).changes > 0;
  if (added) statements(db).trim.run({ incidentId, kept: EVENTS_KEPT });
  return added;
}
