import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { Incidents } from './incidents.ts';

/** A take of the emergency loop for a moment is a test; from then on it is a fault. */
const TELL_AFTER_MS = 3_000;

/** Says when viewers see the emergency loop or the slate instead of the programme, and when that is over. */
export class EmergencyWatch {
  readonly #incidents: Pick<Incidents, 'open' | 'resolve'>;
  readonly #channelId: string;
  #sinceMs: number | null = null;
  #told = false;
  /** False until a programme was seen: an incident may be open from before. */
  #settled = false;

  constructor(incidents: Pick<Incidents, 'open' | 'resolve'>, channelId: string) {
    this.#incidents = incidents;
    this.#channelId = channelId;
  }

  /** Takes each status of the broadcaster, and answers it; null: there is none, so nothing is known of what airs. */
  take(status: BroadcasterStatus | null): BroadcasterStatus | null {
    if (status === null || status.mode === 'program') {
      if (status && (this.#told || !this.#settled)) this.#incidents.resolve('emergency_on_air', this.#channelId);
      this.#settled = status !== null;
      this.#sinceMs = null;
      this.#told = false;
      return status;
    }
    const { mode, emergency, atMs } = status;
    this.#sinceMs ??= atMs;
    if (!this.#told && atMs - this.#sinceMs >= TELL_AFTER_MS) {
      this.#told = true;
      const loop = mode === 'slate' ? 'the slate is on air' : 'the emergency loop is on air';
      const message = emergency ? `As asked for, ${loop}.` : `Nothing else can air: ${loop}.`;
      this.#incidents.open('emergency_on_air', this.#channelId, message);
    }
    return status;
  }
}
