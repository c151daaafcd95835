import type { Database } from 'better-sqlite3';
import { perDatabase } from '../per-database.ts';

const statements = perDatabase((db) => ({
  open: db.prepare<[string, string, string, number, number, number, number]>(
    `INSERT INTO jobs (id, kind, subject_id, priority, state, due_at_ms, created_at_ms, updated_at_ms)
     VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET priority = excluded.priority, state = 'waiting', step = NULL, checkpoint = NULL,
       attempts = 0, last_error = NULL, owner = NULL, lease_until_ms = NULL, due_at_ms = excluded.due_at_ms,
       created_at_ms = excluded.created_at_ms, updated_at_ms = excluded.updated_at_ms`,
  ),
  dropWaiting: db.prepare<[string]>(`DELETE FROM jobs WHERE id = ? AND state = 'waiting'`),
}));

/** One job row per subject: it is opened again instead of piling up. */
export function jobId(kind: 'prepare' | 'transition', subjectId: string): string {
  return `${kind}:${subjectId}`;
}

/**
 * A fresh waiting job for a subject. An earlier one is started over, even when somebody still holds its lease: that owner
 * gets `CONFLICT` at its next checkpoint and lets go.
 */
export function openJob(
  db: Database,
  kind: 'prepare' | 'transition',
  subjectId: string,
  priority: number,
  atMs: number,
): void {
  statements(db).open.run(jobId(kind, subjectId), kind, subjectId, priority, atMs, atMs, atMs);
}

/** Removes a job that nobody has started. */
export function dropWaitingJob(db: Database, kind: 'prepare' | 'transition', subjectId: string): boolean {
  return statements(db).dropWaiting.run(jobId(kind, subjectId)).changes > 0;
}
