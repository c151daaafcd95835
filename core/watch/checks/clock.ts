import { healthy, unhealthy, type Verdict } from '../verdict.ts';

/** Beyond what a time server corrects in small steps, ms. */
const JUMP_MS = 2_000;

/** By how much the wall clock moved more than time did, since the two were compared first. */
export function checkClock(jumpMs: number): Verdict {
  if (Math.abs(jumpMs) < JUMP_MS) return healthy('The system clock runs evenly.');
  const way = jumpMs > 0 ? 'forward' : 'back';
  return unhealthy(`The system clock was set ${way} by ${Math.round(Math.abs(jumpMs) / 1000)} s.`);
}
