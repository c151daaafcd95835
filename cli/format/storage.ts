import type { DiskForecast, StorageAction, StorageClean, StorageReport } from '../../core/contract/storage.ts';
import type { CliContext } from '../cli-context.ts';
import { formatBytes, formatSpan } from './duration.ts';
import { formatTable } from './table.ts';

type Look = Pick<CliContext, 'columns'>;

export function formatStorageReport(report: StorageReport, look: Look): string {
  const { usage, freeBytes, totalBytes, lowWaterBytes, actions, problem, forecast, atMs } = report;
  const rows = usage.map(({ part, files, bytes }) => [part, String(files), formatBytes(bytes)]);
  const columns = [{ title: 'FOLDER' }, { title: 'FILES', right: true }, { title: 'SIZE', right: true }];
  const low = freeBytes < lowWaterBytes ? ', which is SHORT' : '';
  return [
    formatTable(columns, rows, look.columns),
    '',
    `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free${low} (mark ${formatBytes(lowWaterBytes)}).`,
    formatForecast(forecast, atMs),
    ...(problem === null ? [] : [problem]),
    actions.length === 0 ? 'Nothing to settle.' : `To settle:\n${listActions(actions, look)}`,
  ].join('\n');
}

export function formatStorageClean({ dryRun, actions, freedBytes, problem }: StorageClean, look: Look): string {
  const outcome = actions.length === 0 ? 'Nothing to settle.' : listActions(actions, look);
  const total = dryRun ? `Would free ${formatBytes(freedBytes)}.` : `Freed ${formatBytes(freedBytes)}.`;
  return [...(problem === null ? [] : [problem]), outcome, ...(actions.length > 0 ? [total] : [])].join('\n');
}

function formatForecast(forecast: DiskForecast, nowMs: number): string {
  switch (forecast.state) {
    case 'unknown':
      return 'When it will be full is not known yet: it has not been measured for long enough.';
    case 'steady':
      return 'It is not filling.';
    case 'filling':
      return `It fills by ${formatBytes(forecast.bytesPerDay)} a day: full in ${formatSpan(forecast.fullAtMs - nowMs)}.`;
  }
}

function listActions(actions: readonly StorageAction[], look: Look): string {
  const rows = actions.map(({ kind, subject, bytes, reason }) => [
    kind.replace('_', ' '),
    formatBytes(bytes),
    subject,
    reason,
  ]);
  const columns = [
    { title: 'WHAT' },
    { title: 'FREES', right: true },
    { title: 'SUBJECT' },
    { title: 'WHY', flexible: true },
  ];
  return formatTable(columns, rows, look.columns);
}
