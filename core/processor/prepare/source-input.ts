import { OPEN_ARGS } from '../../media/probe.ts';
import type { Inspection } from './inspect-source.ts';

/**
 * How a source is opened: it is assumed to be damaged. `igndts` is left out on purpose: over the media corpus it changed
 * the time stamps of one file only, field-coded AVCHD, where it put most pictures at zero, and it mended none.
 */
const TOLERANT_ARGS = ['-fflags', '+genpts+discardcorrupt', '-err_detect', 'ignore_err'] as const;

/**
 * Arguments that open the source itself, seeking to `fromSeconds` and reading `seconds` when given. From 0 there is no
 * seek: even one to the start makes some demuxers begin elsewhere.
 */
export function sourceInputArgs(path: string, window?: { fromSeconds: number; seconds: number }): string[] {
  const seek = window && window.fromSeconds > 0 ? ['-ss', String(window.fromSeconds)] : [];
  if (window) seek.push('-t', String(window.seconds));
  return [...OPEN_ARGS, ...TOLERANT_ARGS, ...seek, '-i', `file:${path}`];
}

export interface NormaliseInputs {
  args: string[];
  /** Filter pads of picture and sound, `[0:1]`. */
  picture: string;
  sound: string;
}

/**
 * The inputs of the normalising run. `stillPath` is the picture shown when the source has none of its own; a source
 * without sound gets silence.
 */
export function normaliseInputs(path: string, inspection: Inspection, stillPath: string | null): NormaliseInputs {
  const args = inspection.kind === 'still' ? [] : sourceInputArgs(path);
  let inputs = inspection.kind === 'still' ? 0 : 1;
  let picture = `[0:${inspection.video?.index}]`;
  if (!inspection.video) {
    if (stillPath === null) throw new RangeError('a source without a picture needs a still');
    args.push('-f', 'image2', '-pattern_type', 'none', '-i', `file:${stillPath}`);
    picture = `[${inputs++}:0]`;
  }
  if (inspection.audio) return { args, picture, sound: `[0:${inspection.audio.index}]` };
  args.push('-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo');
  return { args, picture, sound: `[${inputs}:0]` };
}
