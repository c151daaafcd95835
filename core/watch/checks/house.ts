import { healthy, off, unhealthy, type Verdict } from '../verdict.ts';

/** Pieces that are missing or not what they were; null while there is no manifest: then they are being rendered. */
export function checkHouse(faults: readonly string[] | null): Verdict {
  if (faults === null) return off('The house pieces are still being rendered.');
  if (faults.length === 0) return healthy('The emergency pieces are what they were certified as.');
  return unhealthy(`Emergency pieces are damaged: ${faults.join('; ')}.`);
}
