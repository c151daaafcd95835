import { excused, healthy, off, unhealthy, type Verdict } from '../verdict.ts';

/** The broadcaster reports once a second; its own clock standing still for longer than this means that it hangs, ms. */
const STATUS_PATIENCE_MS = 5_000;

export interface BroadcasterSight {
  readonly onAirWanted: boolean;
  /** There is a manifest of house pieces: without one nothing can air yet. */
  readonly houseReady: boolean;
  /** Why it could not be asked; null when it answered. */
  readonly error: string | null;
  /** Since its time stamp last changed, ms of the monotonic clock. */
  readonly unchangedMs: number;
}

/** Does the broadcaster answer, and do its time stamps move? */
export function checkBroadcaster(sight: BroadcasterSight): Verdict {
  if (!sight.onAirWanted) return off('The channel is off air.');
  if (!sight.houseReady) return excused('The house pieces are still being rendered.');
  if (sight.error !== null) return unhealthy(`The channel should be on air, but ${sight.error}.`);
  if (sight.unchangedMs > STATUS_PATIENCE_MS)
    return unhealthy(`The broadcaster's status has not changed for ${Math.round(sight.unchangedMs / 1000)} s.`);
  return healthy('The broadcaster answers.');
}
