import type { WatchdogEntry, WatchdogStatus } from '../../core/contract/watchdog.ts';
import type { CliContext } from '../cli-context.ts';
import { formatClock, formatSpan } from './duration.ts';
import { formatTable } from './table.ts';

const LATEST = 10;

type Look = Pick<CliContext, 'columns' | 'paint'>;

const stateOf = (one: WatchdogEntry): string =>
  !one.running
    ? 'off'
    : one.state === 'unhealthy'
      ? `unhealthy ×${one.consecutive_unhealthy}`
      : one.state === 'unknown'
        ? 'not known'
        : 'healthy';

/** Every check, the ill ones first, then the latest acts and recoveries. */
export function formatWatchdog(status: WatchdogStatus, look: Look, nowMs: number): string {
  if (status.watchdog_count === 0) return 'The first round of checks is not over yet.';
  const rank = { unhealthy: 0, unknown: 1, healthy: 2 } as const;
  const entries = Object.entries(status.watchdogs).sort(
    ([, a], [, b]) => Number(b.running) - Number(a.running) || rank[a.state] - rank[b.state],
  );
  const checks = formatTable(
    [
      { title: 'WATCHDOG' },
      { title: 'STATE' },
      { title: 'HEALTHY', right: true },
      { title: 'RECOVERED', right: true },
      { title: 'SEEN', flexible: true },
    ],
    entries.map(([id, one]) => [
      id,
      stateOf(one),
      one.last_healthy_time === null ? '–' : `${formatSpan(nowMs - one.last_healthy_time)} ago`,
      one.recovery_count === 0 ? '–' : `${one.recovery_count}×`,
      one.message,
    ]),
    look.columns,
  );
  const acts = status.restart_history
    .slice(-LATEST)
    .map(
      (act) => `${formatClock(act.atMs, nowMs)}  ${act.action.replaceAll('_', ' ')} (${act.outcome}): ${act.reason}`,
    );
  const recoveries = status.recovery_history
    .slice(-LATEST)
    .map(
      (one) =>
        `${formatClock(one.fromMs, nowMs)}  layer ${one.layer}, ${one.watchdog}: sound again after ${(one.recoveryMs / 1000).toFixed(1)} s`,
    );
  return [checks, ...section('Done lately', acts, look), ...section('Recovered', recoveries, look)].join('\n');
}

function section(heading: string, lines: readonly string[], look: Look): string[] {
  return lines.length === 0 ? [] : ['', look.paint('bold', heading), ...lines];
}
