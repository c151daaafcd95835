import type { Backup, BackupReport, RestoreReport } from '../../core/contract/backup.ts';
import type { CliContext } from '../cli-context.ts';
import { formatBytes, formatSpan } from './duration.ts';
import { formatTable } from './table.ts';

export function formatBackups(all: readonly Backup[], look: Pick<CliContext, 'columns'>, nowMs: number): string {
  if (all.length === 0) return 'No backup yet. Make one: vvtvctl backup create';
  const rows = all.map(({ name, kind, atMs, bytes }) => [
    name,
    kind.replace('_', ' '),
    formatSpan(nowMs - atMs),
    formatBytes(bytes),
  ]);
  const columns = [
    { title: 'NAME', flexible: true },
    { title: 'KIND' },
    { title: 'AGE', right: true },
    { title: 'SIZE', right: true },
  ];
  return formatTable(columns, rows, look.columns);
}

export function formatBackupReport(report: BackupReport): string {
  const { name, good, problem, schemaVersion, databaseBytes, rows } = report;
  if (!good) return `${name} is NOT good: ${problem}`;
  const counts = Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([table, count]) => `${table} ${count}`);
  const size = databaseBytes === null ? '' : `, ${formatBytes(databaseBytes)}`;
  return `${name} is good: schema version ${schemaVersion}${size}.\n${counts.join(' · ') || 'It holds no rows.'}`;
}

export function formatRestore(report: RestoreReport): string {
  const { dryRun, restored, preRestore, brokenKeptAs, journalEntries } = report;
  const lines = [formatBackupReport(restored)];
  const journal = `${journalEntries} journal lines that aired since`;
  if (dryRun) return [...lines, `It would be restored, and ${journal} imported again. Nothing was changed.`].join('\n');
  lines.push(`Restored; ${journal} were imported again.`);
  if (preRestore !== null) lines.push(`What was there before is in ${preRestore}.`);
  if (brokenKeptAs !== null) lines.push(`The broken database was kept as ${brokenKeptAs}.`);
  return lines.join('\n');
}
