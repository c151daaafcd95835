const FIRST_MS = 300;
const LONGEST_MS = 5000;

/**
 * Pause before connection attempt `attempt` (0 is the first one after a loss), milliseconds: doubles from 0.3 s to 5 s,
 * spread by ±25 % so that several pages do not come back in step. `random` gives [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.75 + random() * 0.5));
}
