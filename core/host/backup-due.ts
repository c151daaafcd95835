const HOUR_MS = 3600_000;
const EVERY_MS = 24 * HOUR_MS;
/** The hour of the local night in which few watch and nobody works. */
const QUIET_HOUR = 4;
/** In the quiet hour a backup is made although the last one is not a day old: that is how it gets there. */
const QUIET_AFTER_MS = 12 * HOUR_MS;

/**
 * Whether the nightly backup is due: at the latest every 24 h, by preference between 4 and 5 in the local night. A last
 * time in the future (the clock was wrong) counts as none.
 *
 * @param localHour hour of the day, 0 to 23
 */
export function isBackupDue(lastAtMs: number | null, nowMs: number, localHour: number): boolean {
  if (lastAtMs === null || lastAtMs > nowMs + HOUR_MS) return true;
  const sinceMs = nowMs - lastAtMs;
  return sinceMs >= EVERY_MS || (localHour === QUIET_HOUR && sinceMs >= QUIET_AFTER_MS);
}
