import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { DestinationStatus } from '../contract/destination.ts';
import type { Recovery } from '../contract/watchdog.ts';

/** Times the recoveries of layer 1: from when a destination stopped being live until it was again. */
export class LayerOne {
  readonly #destinations = new Map<string, { status: DestinationStatus; lostAtMs: number | null }>();
  #engineStartedAtMs = 0;

  /** The recoveries that this status shows. A destination that was never live, or was switched off, has not recovered. */
  note({ destinations, engineStartedAtMs, atMs }: BroadcasterStatus): Recovery[] {
    if (engineStartedAtMs !== this.#engineStartedAtMs) this.#destinations.clear();
    this.#engineStartedAtMs = engineStartedAtMs;
    return destinations.flatMap((status) => {
      const known = this.#destinations.get(status.id);
      // Replaced between two statuses: then it was away for less than the time between them.
      const blinked = known?.status.state === 'live' && status.reconnects > known.status.reconnects;
      const lostAtMs = known?.lostAtMs ?? (known?.status.state === 'live' ? status.sinceMs : null);
      const live = status.state === 'live';
      const away = known !== undefined && !live && status.state !== 'disabled';
      this.#destinations.set(status.id, { status, lostAtMs: away ? lostAtMs : null });
      const fromMs = known?.lostAtMs ?? (blinked ? status.sinceMs : null);
      if (!live || fromMs === null) return [];
      const recoveryMs = Math.max(0, (blinked ? atMs : status.sinceMs) - fromMs);
      return [{ layer: 1 as const, watchdog: `destination:${status.id}`, fromMs, recoveryMs, action: null }];
    });
  }
}
