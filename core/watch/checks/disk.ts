import { healthy, unhealthy, unknown, type Verdict } from '../verdict.ts';

const GIB = 2 ** 30;
/** Journal, database and crossfades go on for a long time in this much room; preparing has paused before. */
const LEAST_BYTES = GIB;

/** Is there room on the volume of the data folder? Null: the system does not tell. */
export function checkDisk(freeBytes: number | null): Verdict {
  if (freeBytes === null) return unknown('The system does not tell how much room there is.');
  const room = `${(freeBytes / GIB).toFixed(1)} GiB`;
  return freeBytes >= LEAST_BYTES ? healthy(`${room} are free.`) : unhealthy(`Only ${room} are free.`);
}
