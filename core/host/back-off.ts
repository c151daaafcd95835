export interface BackOffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Exponential back-off with "equal jitter": half of `first × 2^(failures−1)` (at most `longest`), plus a random part of
 * the other half, so that what failed together does not come back together. `failures` counts from 1; `random` is in [0, 1).
 */
export function backOffMs(failures: number, random: () => number, limits: BackOffLimits): number {
  const full = Math.min(limits.longestMs, limits.firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return full / 2 + (full / 2) * random();
}
