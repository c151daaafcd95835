import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { DestinationStatus } from '../contract/destination.ts';
import type { Recovery } from '../contract/watchdog.ts';

/** Times the recoveries of layer 1: from when a destination stopped being live until it was again. */
export class LayerOne {
  readonly #destinations = new Map<string, { status: DestinationStatus; lostAtMs: number | null }>();
  #engineStartedAtMs = 0;

  /** The recoveries that this status shows; a status comes with every change. A destination that was never live, or was switched off, has not recovered. */
  note(status: Pick<BroadcasterStatus, 'destinations' | 'engineStartedAtMs'>): Recovery[] {
    const { destinations, engineStartedAtMs } = status;
    if (engineStartedAtMs !== this.#engineStartedAtMs) this.#destinations.clear();
    this.#engineStartedAtMs = engineStartedAtMs;
    return destinations.flatMap((now) => {
      const known = this.#destinations.get(now.id);
      const lostAtMs = known?.lostAtMs ?? (known?.status.state === 'live' ? now.sinceMs : null);
      const live = now.state === 'live';
      const away = known !== undefined && !live && now.state !== 'disabled';
      this.#destinations.set(now.id, { status: now, lostAtMs: away ? lostAtMs : null });
      const fromMs = known?.lostAtMs ?? null;
      if (!live || fromMs === null) return [];
      const recoveryMs = Math.max(0, now.sinceMs - fromMs);
      return [{ layer: 1 as const, watchdog: `destination:${now.id}`, fromMs, recoveryMs, action: null }];
    });
  }
}
