import type { Asset } from '../../core/contract/asset.ts';
import type { PreflightCheck } from '../../core/contract/control-api.ts';
import type { DestinationStatus } from '../../core/contract/destination.ts';
import type { Plan } from '../../core/contract/plan.ts';
import { PLAN_STATES, type PlanState } from '../../core/contract/plan-state.ts';
import type { TimelineItem } from '../../core/contract/queue.ts';
import type { CliContext } from '../cli-context.ts';
import { formatBytes, formatClock, formatLength, formatRate, formatSpan } from './duration.ts';
import { fit, formatTable, wrap } from './table.ts';

const STATE_CELLS = 13;

type Look = Pick<CliContext, 'columns' | 'paint'>;

export function formatQueue(
  queue: { items: readonly TimelineItem[]; total: number },
  look: Look,
  nowMs: number,
): string {
  if (queue.items.length === 0) return 'The queue is empty.';
  const rows = queue.items.map((item, index) => [
    String(index + 1),
    item.startsAtMs === null ? '–' : formatClock(item.startsAtMs, nowMs),
    formatLength(item.durationMs),
    item.state === 'on_air' ? 'on air' : item.join,
    item.locked && item.state !== 'on_air' ? 'locked' : item.origin === 'operator' ? 'operator' : '',
    item.title,
  ]);
  const columns = [
    { title: '#', right: true },
    { title: 'STARTS' },
    { title: 'LENGTH', right: true },
    { title: 'JOIN' },
    { title: '' },
    { title: 'TITLE', flexible: true },
  ];
  const more = queue.total - queue.items.length;
  return formatTable(columns, rows, look.columns) + (more > 0 ? `\n… and ${more} more` : '');
}

export function formatDestinations(all: readonly DestinationStatus[], look: Look, nowMs: number): string {
  if (all.length === 0) return 'No destination yet. Add one: vvtvctl destination add NAME rtmp://…';
  const rows = all.map((one, index) => [
    String(index + 1),
    one.name,
    one.state.replace('_', ' '),
    formatRate(one.bitrateKbps),
    String(one.reconnects),
    one.state === 'disabled' ? '' : formatSpan(nowMs - one.sinceMs),
    one.lastError ?? one.maskedUrl,
  ]);
  const columns = [
    { title: '#', right: true },
    { title: 'NAME' },
    { title: 'STATE' },
    { title: 'RATE', right: true },
    { title: 'RECONNECTS', right: true },
    { title: 'SINCE', right: true },
    { title: 'ADDRESS OR ERROR', flexible: true },
  ];
  return formatTable(columns, rows, look.columns);
}

export function formatPlans(
  result: { plans: readonly Plan[]; counts: Partial<Record<PlanState, number>> },
  look: Look,
): string {
  const counts = PLAN_STATES.filter((state) => (result.counts[state] ?? 0) > 0).map(
    (state) => `${state} ${result.counts[state]}`,
  );
  const summary = counts.length > 0 ? counts.join(' · ') : 'No video was found yet.';
  if (result.plans.length === 0) return summary;
  // The reason is what one looks for: it is never cut, and stands below the title.
  const lines = result.plans.map(({ state, title, reason }) => {
    const head = `${state.padEnd(STATE_CELLS)}${fit(title, look.columns - STATE_CELLS)}`;
    return reason ? `${head}\n${wrap(reason.message, STATE_CELLS, look.columns)}` : head;
  });
  return `${lines.join('\n')}\n${summary}`;
}

export function formatAssets(assets: readonly Asset[], look: Look): string {
  if (assets.length === 0) return 'Nothing is prepared yet.';
  const rows = assets.map(({ id, durationMs, bytes, airedCount, title, qa }) => [
    id,
    formatLength(durationMs),
    formatBytes(bytes),
    qa.loudnessAfter.integratedLufs === null ? '–' : qa.loudnessAfter.integratedLufs.toFixed(1),
    String(airedCount),
    title,
  ]);
  const columns = [
    { title: 'ID' },
    { title: 'LENGTH', right: true },
    { title: 'SIZE', right: true },
    { title: 'LUFS', right: true },
    { title: 'AIRED', right: true },
    { title: 'TITLE', flexible: true },
  ];
  return formatTable(columns, rows, look.columns);
}

export function formatPreflight(checks: readonly PreflightCheck[], look: Look): string {
  const mark = {
    ok: look.paint('green', 'ok     '),
    warning: look.paint('yellow', 'warning'),
    failed: look.paint('red', 'FAILED '),
  };
  const widest = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, verdict, message }) => `${mark[verdict]}  ${name.padEnd(Math.min(widest, 40))}  ${message}`)
    .join('\n');
}

export interface ProcessRow {
  readonly name: string;
  readonly pid: number | null;
  readonly state: string;
  readonly restarts: number;
  readonly upMs: number | null;
  readonly loopDelayP99Ms: number | null;
  readonly rssBytes: number | null;
  readonly cpuPercent: number | null;
}

export function formatProcesses(processes: readonly ProcessRow[], look: Look): string {
  const rows = processes.map((one) => [
    one.name,
    one.pid === null ? '–' : String(one.pid),
    one.state.replace('_', ' '),
    one.upMs === null ? '–' : formatSpan(one.upMs),
    String(one.restarts),
    one.rssBytes === null ? '–' : formatBytes(one.rssBytes),
    one.cpuPercent === null ? '–' : `${one.cpuPercent.toFixed(1)} %`,
    one.loopDelayP99Ms === null ? '–' : `${one.loopDelayP99Ms.toFixed(1)} ms`,
  ]);
  const columns = [
    { title: 'PROCESS' },
    { title: 'PID', right: true },
    { title: 'STATE' },
    { title: 'UP', right: true },
    { title: 'RESTARTS', right: true },
    { title: 'MEMORY', right: true },
    { title: 'CPU', right: true },
    { title: 'LOOP P99', right: true },
  ];
  return formatTable(columns, rows, look.columns);
}
