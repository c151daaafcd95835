import type { BroadcasterStatus } from '../../contract/broadcaster-status.ts';
import { healthy, off, unhealthy, type Verdict } from '../verdict.ts';

const HOUR_MS = 3_600_000;

/** Is an hour queued, when the library has more than that? `bufferMs` is null while the broadcaster does not tell. */
export function checkBuffer(bufferMs: number | null, libraryMs: number): Verdict {
  if (bufferMs === null) return off('The broadcaster does not tell what is queued.');
  const minutes = Math.round(bufferMs / 60_000);
  if (bufferMs >= HOUR_MS || libraryMs <= HOUR_MS) return healthy(`${minutes} minutes are queued.`);
  return unhealthy(`Only ${minutes} minutes are queued, although ${Math.round(libraryMs / 60_000)} are prepared.`);
}

/** With nothing to air, is it the emergency loop that is on air, and not the bare slate? */
export function checkFallback(status: Pick<BroadcasterStatus, 'mode'> | null, emergencyPieces: number): Verdict {
  if (!status) return off('The broadcaster does not answer.');
  if (status.mode !== 'slate') return healthy('The slate is not needed.');
  if (emergencyPieces === 0) return off('The emergency loop is still being rendered.');
  return unhealthy('The slate is on air although there is an emergency loop.');
}
