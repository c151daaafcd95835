import type { IncidentEvent, IncidentRecord } from '../contract/incident.ts';
import type { AsRun } from '../contract/queue.ts';
import type { WatchdogAct } from '../contract/watchdog.ts';

export interface IncidentReport {
  readonly incident: IncidentRecord;
  readonly events: IncidentEvent[];
  /** What aired from shortly before it until shortly after. */
  readonly asRun: AsRun[];
  /** What the watchdog did in that time, for this or another fault. */
  readonly acts: WatchdogAct[];
}

/** The report as Markdown: figures, timeline, what aired, what was done. Times are UTC, so that two machines can be compared. */
export function postmortem({ incident, events, asRun, acts }: IncidentReport, nowMs: number): string {
  const { code, subject, severity, message, openedAtMs, resolvedAtMs, lastSeenMs, count } = incident;
  const endMs = resolvedAtMs ?? nowMs;
  const off = asRun.filter((row) => row.kind !== 'asset');
  const interrupted = off.reduce((sum, row) => sum + overlapMs(row, openedAtMs, endMs), 0);
  return [
    `# ${code.replaceAll('_', ' ')}: ${plain(subject)}`,
    '',
    plain(message),
    '',
    '| Figure | Value |',
    '| --- | --- |',
    `| Severity | ${severity} |`,
    `| Began | ${time(openedAtMs)} |`,
    `| Ended | ${resolvedAtMs === null ? 'not yet' : time(resolvedAtMs)} |`,
    `| Lasted | ${span(endMs - openedAtMs)}${resolvedAtMs === null ? ' so far' : ''} |`,
    `| Seen | ${count} times, last ${time(lastSeenMs)} |`,
    `| Without programme meanwhile | ${span(interrupted)} |`,
    `| Measures taken | ${acts.length} |`,
    `| Incident | ${incident.id} |`,
    '',
    '## Timeline',
    '',
    ...timeline(events, acts),
    '',
    '## What aired',
    '',
    ...(asRun.length === 0 ? ['Nothing is known to have aired around it.'] : aired(asRun)),
    '',
    '## What was done',
    '',
    ...(acts.length === 0 ? ['The watchdog took no measure.'] : acts.map(act)),
    '',
  ].join('\n');
}

function timeline(events: readonly IncidentEvent[], acts: readonly WatchdogAct[]): string[] {
  const lines = [
    ...events.map(({ kind, message, atMs }) => ({ atMs, text: `**${kind}** ${plain(message)}` })),
    ...acts.map(({ atMs, action, outcome }) => ({ atMs, text: `**measure** ${words(action)}: ${outcome}` })),
  ];
  return lines.sort((a, b) => a.atMs - b.atMs).map(({ atMs, text }) => `- ${time(atMs)} ${text}`);
}

function aired(rows: readonly AsRun[]): string[] {
  return [
    '| From | To | What | Title | End |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(({ startedAtMs, endedAtMs, kind, title, endReason }) => {
      const end = endReason === null ? 'on air' : words(endReason);
      return `| ${time(startedAtMs)} | ${endedAtMs === null ? '–' : time(endedAtMs)} | ${kind} | ${plain(title)} | ${end} |`;
    }),
  ];
}

function act({ atMs, watchdog, action, reason, outcome }: WatchdogAct): string {
  return `- ${time(atMs)} ${words(action)} (${watchdog}), ${outcome}: ${plain(reason)}`;
}

function overlapMs({ startedAtMs, endedAtMs }: AsRun, fromMs: number, toMs: number): number {
  return Math.max(0, Math.min(endedAtMs ?? toMs, toMs) - Math.max(startedAtMs, fromMs));
}

const words = (text: string): string => text.replaceAll('_', ' ');
const time = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace(/Z$/, ' UTC');
/** A title or a path must not break the table nor become markup. */
const plain = (text: string): string => text.replace(/[\\`*_|<>#[\]]/g, '\\$&').replace(/\s+/g, ' ');

function span(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
