import type { Database } from 'better-sqlite3';
import { storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';
import { noteIncidentAction, openIncident, resolveIncident } from './incident-rows.ts';

const studioStatements = perDatabase((db) => ({
  decision: db.prepare<[string, string, string, string | null, string, string, string, number]>(
    `INSERT INTO decisions (id, channel_id, kind, seed, inputs, result, reason, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  ),
}));

const metricStatements = perDatabase((db) => ({
  addSeries: db.prepare<[string]>('INSERT INTO series (name) VALUES (?) ON CONFLICT (name) DO NOTHING'),
  series: db.prepare<[string], { id: number }>('SELECT id FROM series WHERE name = ?'),
  add: db.prepare<[number, number, number]>(
    `INSERT INTO samples (series_id, at_ms, value) VALUES (?, ?, ?)
     ON CONFLICT (series_id, at_ms) DO UPDATE SET value = excluded.value`,
  ),
  allSeries: db.prepare<[], { id: number }>('SELECT id FROM series'),
  prune: db.prepare<[number, number]>('DELETE FROM samples WHERE series_id = ? AND at_ms < ?'),
}));

/** Editorial acts, faults and figures. */
export const recordCommands = {
  'decision.record': command(storeCommandSchemas['decision.record'], ({ studio, touch }, args) => {
    const { changes } = studioStatements(studio).decision.run(
      args.id,
      args.channelId,
      args.kind,
      args.seed,
      JSON.stringify(args.inputs ?? null),
      JSON.stringify(args.result ?? null),
      args.reason,
      args.atMs,
    );
    if (changes > 0) touch('decisions');
    return null;
  }),

  'incident.open': command(storeCommandSchemas['incident.open'], ({ studio, touch }, args) => {
    if (openIncident(studio, args)) touch('incidents');
    return null;
  }),

  'incident.resolve': command(storeCommandSchemas['incident.resolve'], ({ studio, touch }, args) => {
    if (resolveIncident(studio, args.code, args.subject, args.atMs)) touch('incidents');
    return null;
  }),

  'incident.action': command(storeCommandSchemas['incident.action'], ({ studio, touch }, args) => {
    if (noteIncidentAction(studio, args)) touch('incidents');
    return null;
  }),

  'metric.add': command(
    storeCommandSchemas['metric.add'],
    ({ metrics }, args) => {
      const { addSeries, series, add } = metricStatements(metrics);
      for (const sample of args.samples) {
        if (series.get(sample.series) === undefined) addSeries.run(sample.series);
        const row = series.get(sample.series);
        if (row !== undefined) add.run(row.id, sample.atMs, sample.value);
      }
      return null;
    },
    'metrics',
  ),
};

/** Deletes the samples taken before `beforeMs`. */
export function pruneMetrics(metrics: Database, beforeMs: number): void {
  const { allSeries, prune } = metricStatements(metrics);
  metrics.transaction(() => {
    for (const { id } of allSeries.all()) prune.run(id, beforeMs);
  })();
}
