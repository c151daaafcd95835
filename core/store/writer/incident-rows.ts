import type { Database } from 'better-sqlite3';
import type { IncidentCode } from '../../contract/incident.ts';
import { perDatabase } from '../per-database.ts';

export interface IncidentFacts {
  /** Of this report of the fault: sending the same report again changes nothing. */
  id: string;
  channelId: string;
  code: IncidentCode;
  subject: string;
  severity: 'info' | 'warning' | 'critical';
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
  again: db.prepare<[string, string, number, string, string]>(
    `UPDATE incidents SET severity = ?, message = ?, last_seen_ms = ?, last_event_id = ?, count = count + 1
     WHERE id = ?`,
  ),
  resolve: db.prepare<[number, string, string]>(
    'UPDATE incidents SET resolved_at_ms = ? WHERE code = ? AND subject = ? AND resolved_at_ms IS NULL',
  ),
}));

/** Opens an incident, or counts it again when one with the same code and subject is open; false when already known. */
export function openIncident(db: Database, facts: IncidentFacts): boolean {
  const sql = statements(db);
  const open = sql.openOne.get(facts.channelId, facts.code, facts.subject);
  if (open?.lastEventId === facts.id || sql.exists.get(facts.id) !== undefined) return false;
  if (open !== undefined) {
    sql.again.run(facts.severity, facts.message, facts.atMs, facts.id, open.id);
    return true;
  }
  const { id, channelId, code, subject, severity, message, atMs } = facts;
  sql.insert.run(id, channelId, code, subject, severity, message, atMs, atMs, id);
  return true;
}

export function resolveIncident(db: Database, code: IncidentCode, subject: string, atMs: number): boolean {
  return statements(db).resolve.run(atMs, code, subject).changes > 0;
}
