import type { ProcessSight } from '../../contract/daemon-messages.ts';
import { healthy, off, unhealthy, unknown, type Verdict } from '../verdict.ts';

/** Whoever is kept waiting for longer has work on its event loop that does not belong there, ms. */
const SLOW_LOOP_MS = 1_000;
/** The host tells every five seconds. */
const STALE_MS = 30_000;

/** Does a process of the studio run, and get to its work in time? */
export function checkProcess(sight: ProcessSight): Verdict {
  const { name, state, loopDelayP99Ms } = sight;
  if (state === 'stopped') return off(`${name} is not wanted.`);
  if (state === 'given_up') return unhealthy(`${name} died too often and is not started any more.`);
  if (loopDelayP99Ms !== null && loopDelayP99Ms > SLOW_LOOP_MS)
    return unhealthy(`${name} gets to its work ${Math.round(loopDelayP99Ms)} ms late.`);
  return state === 'running' ? healthy(`${name} runs.`) : unknown(`${name} is ${state.replace('_', ' ')}.`);
}

/** Does the host still tell about its processes? */
export function checkHost(silentMs: number): Verdict {
  return silentMs <= STALE_MS
    ? healthy('The host reports.')
    : unhealthy(`The host has said nothing for ${Math.round(silentMs / 1000)} s.`);
}
