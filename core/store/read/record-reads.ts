import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { destinationSchema } from '../../contract/destination.ts';
import { booleanColumn, jsonColumn } from '../json-column.ts';
import type { StudioReader } from '../studio-reader.ts';

type RecordReads = Pick<StudioReader, 'destinations' | 'decisions'>;

const destinationRowSchema = destinationSchema.extend({ enabled: booleanColumn, builtIn: booleanColumn });
const decisionRowSchema = z.object({
  id: z.string(),
  kind: z.string(),
  seed: z.string().nullable(),
  inputs: jsonColumn(z.unknown()),
  result: jsonColumn(z.unknown()),
  reason: z.string(),
  atMs: z.number(),
});

export function recordReads(db: Database): RecordReads {
  const destinations = db.prepare<[string]>(
    `SELECT id, channel_id AS channelId, name, url, enabled, built_in AS builtIn, created_at_ms AS createdAtMs
     FROM destinations WHERE channel_id = ? ORDER BY created_at_ms, id`,
  );
  const decisions = db.prepare<[string, number]>(
    `SELECT id, kind, seed, inputs, result, reason, at_ms AS atMs FROM decisions
     WHERE channel_id = ? ORDER BY at_ms DESC, id DESC LIMIT ?`,
  );
  return {
    destinations: (channelId) => destinations.all(channelId).map((row) => destinationRowSchema.parse(row)),
    decisions: (channelId, limit) => decisions.all(channelId, limit).map((row) => decisionRowSchema.parse(row)),
  };
}
