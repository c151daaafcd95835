import type { AlertChannelView, AlertSettings } from '../../core/contract/alert.ts';
import type { IncidentRecord } from '../../core/contract/incident.ts';
import type { CliContext } from '../cli-context.ts';
import { formatClock, formatSpan } from './duration.ts';
import { formatTable } from './table.ts';

type Look = Pick<CliContext, 'columns' | 'paint'>;

export function formatIncidents(all: readonly IncidentRecord[], look: Look, nowMs: number): string {
  if (all.length === 0) return 'Nothing was wrong.';
  const rows = all.map(({ severity, openedAtMs, resolvedAtMs, count, message }, index) => [
    String(index + 1),
    severity,
    formatClock(openedAtMs, nowMs),
    resolvedAtMs === null ? `${formatSpan(nowMs - openedAtMs)} so far` : formatSpan(resolvedAtMs - openedAtMs),
    String(count),
    message,
  ]);
  const columns = [
    { title: '#', right: true },
    { title: 'SEVERITY' },
    { title: 'BEGAN' },
    { title: 'LASTED' },
    { title: 'SEEN', right: true },
    { title: 'WHAT', flexible: true },
  ];
  return formatTable(columns, rows, look.columns);
}

export function formatAlerts(
  { settings, channels }: { settings: AlertSettings; channels: readonly AlertChannelView[] },
  look: Look,
  nowMs: number,
): string {
  const { quietHours, cooldownMinutes, failedFilesInARow } = settings;
  const quiet = quietHours ? `quiet from ${quietHours.from} to ${quietHours.to}` : 'no quiet hours';
  const rules = `${quiet} · cooldown ${cooldownMinutes} min · ${failedFilesInARow} failed files in a row are a warning`;
  if (channels.length === 0) return `Nobody is told yet. Add a channel: vvtvctl alerts add --help\n${rules}`;
  const rows = channels.map((one, index) => [
    String(index + 1),
    one.name,
    one.kind,
    one.minSeverity,
    one.lastDeliveredAtMs === null ? 'never' : formatClock(one.lastDeliveredAtMs, nowMs),
    one.lastError ??
      [...Object.entries(one.fields), ...Object.entries(one.secrets)].map((pair) => pair.join(' ')).join(', '),
  ]);
  const columns = [
    { title: '#', right: true },
    { title: 'NAME' },
    { title: 'KIND' },
    { title: 'FROM' },
    { title: 'DELIVERED' },
    { title: 'TO OR ERROR', flexible: true },
  ];
  return `${formatTable(columns, rows, look.columns)}\n${rules}`;
}
