import type { AlertSettings } from '../../contract/alert.ts';

const DAY_MINUTES = 1440;

/** When the quiet hours that hold now end, Unix ms in this machine's time zone; null when it is not quiet. Equal times mean never. */
export function quietUntilMs(quietHours: AlertSettings['quietHours'], nowMs: number): number | null {
  if (quietHours === null) return null;
  const from = minutes(quietHours.from);
  const to = minutes(quietHours.to);
  const now = new Date(nowMs);
  const at = now.getHours() * 60 + now.getMinutes();
  const sinceFrom = (at - from + DAY_MINUTES) % DAY_MINUTES;
  const length = (to - from + DAY_MINUTES) % DAY_MINUTES;
  if (sinceFrom >= length) return null;
  const end = new Date(nowMs);
  end.setHours(Math.floor(to / 60), to % 60, 0, 0);
  // Set by the calendar and not by adding hours: the clocks may change tonight.
  if (end.getTime() <= nowMs) end.setDate(end.getDate() + 1);
  return end.getTime();
}

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * 60 + rest;
}
