import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { Channel } from '../contract/control-api.ts';
import type { DetachedState } from './detached-state.ts';

export interface AirFacts {
  /** What the operator asked for. */
  readonly wanted: boolean;
  readonly broadcaster: DetachedState;
  /** Null before the first word of the broadcaster and while it does not answer. */
  readonly status: BroadcasterStatus | null;
  /** True once it has been on air under this host. */
  readonly seenOnAir: boolean;
}

/** The one word on the on-air lamp. The emergency loop counts as emergency whoever put it there. */
export function airState({ wanted, broadcaster, status, seenOnAir }: AirFacts): Channel['air'] {
  if (broadcaster === 'attached' && status)
    return status.emergency || status.mode !== 'program' ? 'emergency' : 'on_air';
  if (!wanted) return 'off';
  return seenOnAir || broadcaster === 'backing_off' ? 'unreachable' : 'starting';
}
