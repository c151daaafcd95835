/** Failures in a row after which a destination's circuit opens. */
const CIRCUIT_OPENS_AFTER = 10;

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;
const CIRCUIT_DELAY_MS = 60_000;

/** A pusher that was live for longer has proven its destination: its failures are forgotten. */
export const PROVEN_AFTER_MS = 10_000;

export interface Retry {
  readonly delayMs: number;
  readonly circuitOpen: boolean;
}

/**
 * When to try a destination again after its `failures`-th failure in a row. The first retry is immediate: most losses are
 * a dead process or a connection that was reset, and a viewer waits for each tenth of a second. Then the delays double,
 * with jitter so that the destinations of a server that restarts do not all come back at once. After ten failures the
 * circuit is open: still tried, once a minute, because a channel that runs for months never gives up for good.
 */
export function nextRetry(failures: number, random: () => number): Retry {
  if (failures <= 1) return { delayMs: 0, circuitOpen: false };
  const circuitOpen = failures >= CIRCUIT_OPENS_AFTER;
  const base = circuitOpen ? CIRCUIT_DELAY_MS : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 2));
  return { delayMs: Math.round(base * (0.75 + random() / 2)), circuitOpen };
}
