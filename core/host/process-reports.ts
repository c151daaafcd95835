import type { EngineCounters } from '../contract/broadcaster-status.ts';
import type { LoopReport } from '../contract/daemon-messages.ts';
import { residentBytes } from '../platform/resident-bytes.ts';
import type { DaemonReport } from './daemon-supervisor.ts';
import type { DetachedProcess } from './detached-process.ts';
import type { DetachedState } from './detached-state.ts';
import type { ProcessReport } from './studio.ts';

type DetachedReport = ReturnType<DetachedProcess<never, never>['report']>;

export interface ReportSources {
  readonly host: { upMs: number; loop: LoopReport };
  readonly broadcaster: DetachedReport & { counters: EngineCounters | null };
  readonly origin: DetachedReport;
  readonly daemons: readonly DaemonReport[];
}

const STATE: Readonly<Record<DetachedState, ProcessReport['state']>> = {
  idle: 'stopped',
  attaching: 'starting',
  spawning: 'starting',
  attached: 'running',
  losing: 'starting',
  backing_off: 'backing_off',
  stopping: 'running',
};

/** Every process of the studio in one list, the host first. */
export async function processReports(sources: ReportSources): Promise<ProcessReport[]> {
  const { host, broadcaster, origin, daemons } = sources;
  const { counters } = broadcaster;
  return [
    { name: 'host', pid: process.pid, state: 'running', restarts: 0, upMs: host.upMs, ...host.loop },
    {
      ...detached('broadcaster', broadcaster),
      loopDelayP99Ms: counters?.loopDelayP99Ms ?? null,
      rssBytes: counters?.rssBytes ?? null,
      cpuPercent: counters?.cpuPercent ?? null,
    },
    { ...detached('origin', origin), rssBytes: await residentBytes(origin.pid) },
    ...daemons.map(({ loop, ...rest }) => ({
      ...rest,
      loopDelayP99Ms: loop?.loopDelayP99Ms ?? null,
      rssBytes: loop?.rssBytes ?? null,
      cpuPercent: loop?.cpuPercent ?? null,
    })),
  ];
}

function detached(name: string, { pid, state, restarts, upMs }: DetachedReport): ProcessReport {
  const unknown = { loopDelayP99Ms: null, rssBytes: null, cpuPercent: null };
  return { name, pid, state: STATE[state], restarts, upMs, ...unknown };
}
