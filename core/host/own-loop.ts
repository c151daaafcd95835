import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopReport } from '../contract/daemon-messages.ts';

/** Watches the event loop of this process; each report covers the time since the one before. */
export class OwnLoop implements Disposable {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #cpu = process.cpuUsage();
  #atMs = performance.now();
  #latest: LoopReport = { loopDelayP99Ms: 0, rssBytes: process.memoryUsage.rss(), cpuPercent: 0 };
  readonly #timer: NodeJS.Timeout;

  constructor(everyMs = 10_000) {
    this.#delay.enable();
    this.#timer = setInterval(() => this.#sample(), everyMs);
    this.#timer.unref();
  }

  get latest(): LoopReport {
    return { ...this.#latest, rssBytes: process.memoryUsage.rss() };
  }

  #sample(): void {
    const spent = process.cpuUsage(this.#cpu);
    const nowMs = performance.now();
    // The histogram measures the whole interval between its 10 ms ticks: what exceeds 10 ms is delay.
    const loopDelayP99Ms = Math.max(0, this.#delay.percentile(99) / 1e6 - 10);
    this.#latest = {
      loopDelayP99Ms: Math.round(loopDelayP99Ms * 100) / 100,
      rssBytes: process.memoryUsage.rss(),
      cpuPercent: Math.round(((spent.user + spent.system) / 1000 / (nowMs - this.#atMs)) * 1000) / 10,
    };
    this.#delay.reset();
    this.#cpu = process.cpuUsage();
    this.#atMs = nowMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }
}
