import type { LiveEvent } from '../contract/control-api.ts';
import type { Clock } from '../platform/clock.ts';

export type LivePart = LiveEvent['type'];

interface Held {
  readonly event: LiveEvent;
  /** The event as JSON, to tell whether the next one differs. */
  readonly text: string;
  readonly version: number;
}

/** Least time between two events of a part on one connection, ms. */
const LEAST_INTERVAL_MS: Readonly<Record<LivePart, number>> = {
  channel: 200,
  status: 450,
  queue: 250,
  pipeline: 450,
  destinations: 250,
  asRun: 250,
  incidents: 250,
  decisions: 250,
  watchdog: 450,
};

/**
 * The newest value of each part of the live stream. A connection pulls: it gets what is newer than what it got last, at
 * most as often as the part allows. So a slow client gets the newest snapshot and no backlog ever builds up.
 */
export class LiveParts {
  readonly #clock: Clock;
  readonly #held = new Map<LivePart, Held>();
  readonly #sleepers = new Set<() => void>();
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of connected followers: nothing needs to be computed for nobody. */
  get followers(): number {
    return this.#followers;
  }
  #followers = 0;

  /** Stores a part; followers are woken only when it differs from what was there. */
  put(event: LiveEvent): void {
    const before = this.#held.get(event.type);
    const text = JSON.stringify(event);
    if (before?.text === text) return;
    this.#version += 1;
    this.#held.set(event.type, { event, text, version: this.#version });
    for (const wake of this.#sleepers) wake();
  }

  /** A snapshot of every part, then each part again when it changed. Ends when the signal aborts. */
  async *follow(signal: AbortSignal | undefined): AsyncGenerator<LiveEvent, void, void> {
    const sent = new Map<LivePart, { version: number; atMs: number }>();
    this.#followers += 1;
    try {
      while (!signal?.aborted) {
        let sleepMs = Number.POSITIVE_INFINITY;
        for (const [part, held] of this.#held) {
          const last = sent.get(part);
          if (last?.version === held.version) continue;
          const nowMs = this.#clock.monotonicMs();
          const waitMs = last ? last.atMs + LEAST_INTERVAL_MS[part] - nowMs : 0;
          if (waitMs > 0) sleepMs = Math.min(sleepMs, waitMs);
          else {
            sent.set(part, { version: held.version, atMs: nowMs });
            yield held.event;
            sleepMs = 0;
          }
          if (signal?.aborted) return;
        }
        if (sleepMs > 0) await this.#sleep(sleepMs, signal);
      }
    } finally {
      this.#followers -= 1;
    }
  }

  /** Sleeps until something was put (when waiting without end), or for the given time, or until the signal. */
  #sleep(forMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      if (Number.isFinite(forMs)) timer = setTimeout(wake, forMs);
      this.#sleepers.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
