import type { DestinationStatus } from '../../contract/destination.ts';
import { healthy, off, unhealthy, unknown, type Verdict } from '../verdict.ts';

/** A live pusher that accepts less than this carries no picture, kbit/s. */
const LEAST_KBPS = 16;
/** Losses between two checks that mean that it does not hold, although it is live at the moment of looking. */
const RESTLESS_RECONNECTS = 4;

/** Is the destination served? `before`: its status at the check before, null at the first. */
export function checkDestination(now: DestinationStatus, before: DestinationStatus | null): Verdict {
  const { name, state, bitrateKbps, reconnects, lastError } = now;
  const why = lastError ? ` (${lastError})` : '';
  if (state === 'disabled') return off(`${name} is switched off.`);
  if (state === 'circuit_open') return unhealthy(`${name} could not be reached in ten tries${why}.`);
  // The first look comes while everything is still starting.
  if (state === 'connecting' && before === null && lastError === null) return unknown(`${name} is being connected.`);
  if (state !== 'live') return unhealthy(`${name} gets no media: ${state.replace('_', ' ')}${why}.`);
  if (bitrateKbps !== null && bitrateKbps < LEAST_KBPS)
    return unhealthy(`${name} is connected but takes only ${bitrateKbps} kbit/s.`);
  const losses = before ? reconnects - before.reconnects : 0;
  if (losses >= RESTLESS_RECONNECTS) return unhealthy(`${name} was lost ${losses} times since the check before${why}.`);
  return healthy(`${name} is live${bitrateKbps === null ? '' : ` with ${bitrateKbps} kbit/s`}.`);
}
