import type { Clock } from '../platform/clock.ts';
import type { OutputChunk } from './output-chunk.ts';
import type { Sink } from './sink.ts';

export interface EngineLoad {
  readonly cpuPercent: number | null;
  readonly rssBytes: number;
  readonly outputKbps: number | null;
}

/** Weight of the newest second in the output rate: it follows a change within some five seconds. */
const SMOOTHING = 0.3;

/** What the engine costs and produces, measured once a second. */
export class EngineMetrics implements Sink {
  readonly #clock: Clock;
  #bytes = 0;
  #atMs: number;
  #cpu = process.cpuUsage();
  #load: EngineLoad = { cpuPercent: null, rssBytes: process.memoryUsage.rss(), outputKbps: null };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs();
  }

  get load(): EngineLoad {
    return this.#load;
  }

  write(chunk: OutputChunk): boolean {
    this.#bytes += chunk.bytes.length;
    return false;
  }

  sample(): void {
    const nowMs = this.#clock.monotonicMs();
    const elapsedMs = nowMs - this.#atMs;
    if (elapsedMs < 200) return;
    const cpu = process.cpuUsage();
    const usedMs = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000;
    const kbps = (this.#bytes * 8) / elapsedMs;
    const before = this.#load.outputKbps;
    this.#load = {
      cpuPercent: Math.round((usedMs / elapsedMs) * 1000) / 10,
      rssBytes: process.memoryUsage.rss(),
      outputKbps: Math.round(before === null ? kbps : before + SMOOTHING * (kbps - before)),
    };
    this.#cpu = cpu;
    this.#bytes = 0;
    this.#atMs = nowMs;
  }
}
