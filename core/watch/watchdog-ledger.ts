import type { WatchdogAction, WatchdogEntry } from '../contract/watchdog.ts';
import type { Verdict } from './verdict.ts';

/** Unhealthy checks in a row before something is done. */
export const ACT_AFTER = 3;

/** What a verdict means after those before it. `act` comes with the count of acts in this stretch, from 0. */
export type Consequence =
  | { readonly kind: 'none' }
  | { readonly kind: 'act'; readonly step: number }
  | {
      readonly kind: 'recovered';
      readonly fromMs: number;
      readonly recoveryMs: number;
      readonly action: WatchdogAction | null;
    };

interface Row {
  entry: WatchdogEntry;
  unhealthySinceMs: number | null;
  /** Acted on in the present stretch, and with what last. */
  acted: boolean;
  action: WatchdogAction | null;
}

/**
 * Counts for every watchdog. Three unhealthy verdicts in a row are acted on, and again after each three more; a healthy
 * one resets. What is excused or unknown resets the count too, but does not say that the fault is over.
 */
export class WatchdogLedger {
  readonly #rows = new Map<string, Row>();
  readonly #intervalSeconds: number;

  constructor(intervalMs: number) {
    this.#intervalSeconds = intervalMs / 1000;
  }

  take(id: string, verdict: Verdict, atMs: number): Consequence {
    const row = this.#row(id);
    const { entry } = row;
    const { state } = verdict;
    entry.running = state !== 'off';
    entry.state = state === 'unhealthy' || state === 'unknown' ? state : 'healthy';
    entry.message = verdict.message;
    if (state === 'unhealthy') {
      row.unhealthySinceMs ??= atMs;
      entry.consecutive_unhealthy += 1;
      if (entry.consecutive_unhealthy % ACT_AFTER !== 0) return { kind: 'none' };
      row.acted = true;
      return { kind: 'act', step: entry.consecutive_unhealthy / ACT_AFTER - 1 };
    }
    entry.consecutive_unhealthy = 0;
    if (!row.acted) row.unhealthySinceMs = null;
    if (state === 'unknown') return { kind: 'none' };
    entry.last_healthy_time = atMs;
    if (state === 'excused') return { kind: 'none' };
    const { unhealthySinceMs: fromMs, acted, action } = row;
    Object.assign(row, { unhealthySinceMs: null, acted: false, action: null });
    if (fromMs === null || !acted || state === 'off') return { kind: 'none' };
    entry.last_recovery_time = atMs;
    entry.recovery_count += 1;
    return { kind: 'recovered', fromMs, recoveryMs: Math.max(0, atMs - fromMs), action };
  }

  stateOf(id: string): WatchdogEntry['state'] {
    return this.#row(id).entry.state;
  }

  /** Notes with what a fault was acted on. */
  acted(id: string, action: WatchdogAction): void {
    this.#row(id).action = action;
  }

  /** Forgets the watchdogs that are not among `ids`; answers those that had been acted on. */
  keepOnly(ids: ReadonlySet<string>): string[] {
    const gone = [...this.#rows].filter(([id]) => !ids.has(id));
    for (const [id] of gone) this.#rows.delete(id);
    return gone.filter(([, row]) => row.acted).map(([id]) => id);
  }

  entries(): Record<string, WatchdogEntry> {
    return Object.fromEntries([...this.#rows].map(([id, { entry }]) => [id, { ...entry }]));
  }

  #row(id: string): Row {
    const known = this.#rows.get(id);
    if (known) return known;
    const entry: WatchdogEntry = {
      running: true,
      state: 'unknown',
      message: 'Not checked yet.',
      consecutive_unhealthy: 0,
      last_healthy_time: null,
      last_recovery_time: null,
      recovery_count: 0,
      check_interval: this.#intervalSeconds,
    };
    const row: Row = { entry, unhealthySinceMs: null, acted: false, action: null };
    this.#rows.set(id, row);
    return row;
  }
}
