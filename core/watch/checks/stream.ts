import type { EngineCounters } from '../../contract/broadcaster-status.ts';
import type { StreamShape } from '../stream-shape.ts';
import { healthy, unhealthy, type Verdict } from '../verdict.ts';

/** A missing frame or two are a loss, not a fault that lasts, ms. */
const HOLE_MS = 100;
/** Picture and sound come in turns; further apart than this they are no longer one programme, ms. */
const APART_MS = 1_000;
/** Half an AAC frame is what a take may leave; more was never meant, ms. */
const RESIDUAL_MS = 11;

/** Are the time stamps of the return without holes, and do picture and sound belong together? */
export function checkStream(shape: StreamShape, counters: Pick<EngineCounters, 'avResidualMs'> | null): Verdict {
  const { videoHoleMs, audioHoleMs, backSteps, endOffsetMs } = shape;
  const residual = counters?.avResidualMs ?? 0;
  if (backSteps > 0) return unhealthy(`Time stamps of the return went back ${backSteps} times.`);
  if (videoHoleMs > HOLE_MS) return unhealthy(`The picture of the return has a hole of ${Math.round(videoHoleMs)} ms.`);
  if (audioHoleMs > HOLE_MS) return unhealthy(`The sound of the return has a hole of ${Math.round(audioHoleMs)} ms.`);
  if (endOffsetMs !== null && Math.abs(endOffsetMs) > APART_MS)
    return unhealthy(`Picture and sound of the return are ${Math.round(Math.abs(endOffsetMs))} ms apart.`);
  if (Math.abs(residual) > RESIDUAL_MS) return unhealthy(`The sound is ${residual.toFixed(1)} ms off the picture.`);
  return healthy(`Time stamps are regular; the sound is ${residual.toFixed(1)} ms off the picture.`);
}
