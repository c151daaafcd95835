import { excused, healthy, unhealthy, type Verdict } from '../verdict.ts';

/** Silence, dBFS: well below the -60 dB at which assets are certified as silent, since levelling changes them a little. */
const SILENT_DB = -70;

/** Is there sound? `peakDb`: loudest sample, null without sound. `explained`: why it may be silent. */
export function checkSound(peakDb: number | null, explained: string | null): Verdict {
  if (peakDb !== null && peakDb > SILENT_DB) return healthy(`There is sound, up to ${peakDb.toFixed(1)} dBFS.`);
  const seen = peakDb === null ? 'There is no sound stream' : 'There is only silence';
  return explained === null ? unhealthy(`${seen}, and nothing explains it.`) : excused(`${seen}: ${explained}.`);
}
