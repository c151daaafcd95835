const WINDOW_MS = 600_000;
/** Messages in any ten minutes. */
const MOST = 10;
/** So many of them may be about something that is not critical. */
const MOST_CALM = 6;
/** Pause before the next message, by the number of messages in the last ten minutes: they add up to the ten minutes. */
const PAUSES_MS = [0, 10_000, 20_000, 40_000, 60_000, 80_000, 90_000, 90_000, 100_000, 110_000];

/** The times of the last ten minutes; those ahead of the clock (it was set back) are dropped. */
export function recentMessages(sentAtMs: readonly number[], nowMs: number): number[] {
  return sentAtMs.filter((at) => at > nowMs - WINDOW_MS && at <= nowMs).sort((a, b) => a - b);
}

/** When the next message may go: the more were sent lately, the longer it waits and the more it gathers. */
export function nextMessageAtMs(sentAtMs: readonly number[], nowMs: number, urgent: boolean): number {
  const recent = recentMessages(sentAtMs, nowMs);
  const most = urgent ? MOST : MOST_CALM;
  const blocking = recent.at(-most);
  const freeMs = blocking === undefined ? nowMs : blocking + WINDOW_MS;
  const last = recent.at(-1);
  const pause = PAUSES_MS[recent.length] ?? 0;
  return Math.max(freeMs, last === undefined ? nowMs : last + pause);
}
