import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { type Job, jobSchema, storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';

const rowSchema = z.object({
  ...jobSchema.shape,
  checkpoint: z.string().nullable(),
  owner: z.string().nullable(),
});
type JobRow = z.infer<typeof rowSchema>;

const COLUMNS = `id, kind, subject_id AS subjectId, state, step, checkpoint, attempts, last_error AS lastError, owner`;

const statements = perDatabase((db) => ({
  /** Open jobs are few and the index keeps them in order, so the first due one is found at once. */
  due: db.prepare<[string, string, number, number], { id: string }>(
    `SELECT id FROM jobs WHERE state IN ('waiting', 'running') AND kind IN (?, ?)
       AND ((state = 'waiting' AND due_at_ms <= ?) OR (state = 'running' AND lease_until_ms <= ?))
     ORDER BY priority, created_at_ms, id LIMIT 1`,
  ),
  byId: db.prepare<[string], unknown>(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`),
  claim: db.prepare<[string, number, number, string]>(
    `UPDATE jobs SET state = 'running', owner = ?, lease_until_ms = ?, attempts = attempts + 1, updated_at_ms = ?
     WHERE id = ?`,
  ),
  checkpoint: db.prepare<[string, string, number, number, string]>(
    'UPDATE jobs SET step = ?, checkpoint = ?, lease_until_ms = ?, updated_at_ms = ? WHERE id = ?',
  ),
  finish: db.prepare<[number, string]>(
    `UPDATE jobs SET state = 'done', checkpoint = NULL, lease_until_ms = NULL, updated_at_ms = ? WHERE id = ?`,
  ),
  fail: db.prepare<[string, string, number, number, string]>(
    'UPDATE jobs SET state = ?, last_error = ?, lease_until_ms = NULL, due_at_ms = ?, updated_at_ms = ? WHERE id = ?',
  ),
  releaseOwner: db.prepare<[number, number, string]>(
    `UPDATE jobs SET state = 'waiting', lease_until_ms = NULL, due_at_ms = ?, updated_at_ms = ?
     WHERE state = 'running' AND owner = ?`,
  ),
}));

export const jobCommands = {
  'job.claim': command(storeCommandSchemas['job.claim'], ({ studio, touch }, args) => {
    const { due, claim } = statements(studio);
    const [first, second = first] = args.kinds;
    const found =
      first === undefined || second === undefined ? undefined : due.get(first, second, args.atMs, args.atMs);
    if (found === undefined) return null;
    claim.run(args.owner, args.atMs + args.leaseMs, args.atMs, found.id);
    touch('jobs');
    return toJob(readJob(studio, found.id));
  }),

  'job.checkpoint': command(storeCommandSchemas['job.checkpoint'], ({ studio }, args) => {
    requireLease(readJob(studio, args.jobId), args.owner);
    statements(studio).checkpoint.run(
      args.step,
      JSON.stringify(args.checkpoint ?? null),
      args.atMs + args.leaseMs,
      args.atMs,
      args.jobId,
    );
    return null;
  }),

  'job.finish': command(storeCommandSchemas['job.finish'], ({ studio, touch }, args) => {
    const job = readJob(studio, args.jobId);
    if (job.state === 'done' && job.owner === args.owner) return null;
    requireLease(job, args.owner);
    statements(studio).finish.run(args.atMs, args.jobId);
    touch('jobs');
    return null;
  }),

  'job.fail': command(storeCommandSchemas['job.fail'], ({ studio, touch }, args) => {
    const job = readJob(studio, args.jobId);
    if (job.state !== 'running' && job.owner === args.owner && job.lastError === args.error) return null;
    requireLease(job, args.owner);
    const state = args.retryAtMs === null ? 'failed' : 'waiting';
    statements(studio).fail.run(state, args.error, args.retryAtMs ?? args.atMs, args.atMs, args.jobId);
    touch('jobs');
    return null;
  }),

  'job.releaseOwner': command(storeCommandSchemas['job.releaseOwner'], ({ studio, touch }, args) => {
    if (statements(studio).releaseOwner.run(args.atMs, args.atMs, args.owner).changes > 0) touch('jobs');
    return null;
  }),
};

function readJob(db: Database, jobId: string): JobRow {
  const row = statements(db).byId.get(jobId);
  if (row === undefined) throw new StudioError('NOT_FOUND', `there is no job ${jobId}`, { detail: { jobId } });
  return rowSchema.parse(row);
}

function toJob({ owner: _, ...row }: JobRow): Job {
  return { ...row, checkpoint: row.checkpoint === null ? null : JSON.parse(row.checkpoint) };
}

/** An expired lease that nobody took over yet is still the owner's. */
function requireLease(job: JobRow, owner: string): void {
  if (job.state === 'running' && job.owner === owner) return;
  throw new StudioError('CONFLICT', `job ${job.id} is ${job.state} and not leased to ${owner}`, {
    detail: { jobId: job.id, state: job.state, heldBy: job.owner, owner },
  });
}
