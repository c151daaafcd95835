import type { WatchdogAct, WatchdogAction } from '../contract/watchdog.ts';

const HOUR_MS = 3_600_000;

/** How often each action may be taken within an hour, for one subject. */
const PER_HOUR: Readonly<Record<WatchdogAction, number>> = {
  wake_planner: 20,
  reconnect: 6,
  emergency_on: 4,
  emergency_off: 3,
  restart_broadcaster: 3,
  escalate: Number.POSITIVE_INFINITY,
};

/**
 * May this action be taken now? Within an hour only so often, and after the n-th time not before `firstGapMs × 2^(n-1)`
 * has passed: repeating what did not help only shakes the channel. Restarts of the broadcaster count together whoever
 * asked; the other actions per watchdog. Answers null, or why not.
 */
export function refusal(
  history: readonly WatchdogAct[],
  wanted: { watchdog: string; action: WatchdogAction; atMs: number; firstGapMs: number },
): string | null {
  const { watchdog, action, atMs, firstGapMs } = wanted;
  const lately = history.filter(
    (act) =>
      act.action === action &&
      (action === 'restart_broadcaster' || act.watchdog === watchdog) &&
      Math.abs(atMs - act.atMs) < HOUR_MS,
  );
  const last = lately.at(-1);
  if (!last) return null;
  if (lately.length >= PER_HOUR[action]) return `it was done ${lately.length} times within an hour`;
  const waitMs = firstGapMs * 2 ** (lately.length - 1) - Math.abs(atMs - last.atMs);
  return waitMs > 0 ? `it was done ${Math.round((atMs - last.atMs) / 1000)} s ago` : null;
}
