import { type ErrorCode, StudioError } from '../../contract/errors.ts';
import { healthy, off, unhealthy, unknown, type Verdict } from '../verdict.ts';

/** How reading the return back ended. */
export type ReturnSight =
  | { readonly state: 'off'; readonly why: string }
  | {
      readonly state: 'read';
      readonly videoFrames: number;
      readonly seconds: number;
      readonly tookMs: number;
      readonly fps: number;
    }
  | { readonly state: 'failed'; readonly error: unknown };

/** Failures that say something about the stream; every other one is a failure of looking. */
const ABOUT_THE_STREAM: ReadonlySet<ErrorCode> = new Set(['DEADLINE', 'TOOL_FAILED']);
const LEAST_SHARE = 0.5;

/** Can the channel be watched at the embedded origin? */
export function checkReturn(sight: ReturnSight): Verdict {
  if (sight.state === 'off') return off(sight.why);
  if (sight.state === 'failed') {
    const { error } = sight;
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof StudioError && ABOUT_THE_STREAM.has(error.code)
      ? unhealthy(`The return cannot be watched: ${message}.`)
      : unknown(`The return could not be looked at: ${message}.`);
  }
  const { videoFrames, seconds, fps, tookMs } = sight;
  if (videoFrames < LEAST_SHARE * seconds * fps)
    return unhealthy(`The return gave ${videoFrames} frames instead of ${Math.round(seconds * fps)}.`);
  return healthy(`The return can be watched: ${videoFrames} frames, read in ${(tookMs / 1000).toFixed(1)} s.`);
}
