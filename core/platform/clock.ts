/** Time as everything in the studio gets it: injected, so that tests decide what time it is. */
export interface Clock {
  /** Unix milliseconds. May jump. */
  wallMs(): number;
  /** Milliseconds that never jump nor go back. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
