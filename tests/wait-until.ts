import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Waits until a condition holds, or throws with its name after the deadline. For what cannot be awaited as an event. */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const untilMs = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`);
    await delay(POLL_MS);
  }
}
