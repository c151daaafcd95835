import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopReport } from '../contract/daemon-messages.ts';
import type { Clock } from '../platform/clock.ts';

const RESOLUTION_MS = 10;

/** Measures how free this process's event loop is. Each call reports the time since the call before. */
export function startLoopHealth(clock: Clock): () => LoopReport {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let cpuBefore = process.cpuUsage();
  let atBefore = clock.monotonicMs();
  return () => {
    const atMs = clock.monotonicMs();
    const used = process.cpuUsage(cpuBefore);
    // The histogram holds the whole interval between two ticks, so the tick itself is taken off. It is NaN before the first tick.
    const p99Ms = delay.percentile(99) / 1e6 - RESOLUTION_MS;
    const report = {
      loopDelayP99Ms: Number.isFinite(p99Ms) ? Math.max(0, p99Ms) : 0,
      rssBytes: process.memoryUsage.rss(),
      cpuPercent: (100 * (used.user + used.system)) / 1000 / Math.max(1, atMs - atBefore),
    };
    cpuBefore = process.cpuUsage();
    atBefore = atMs;
    delay.reset();
    return report;
  };
}
