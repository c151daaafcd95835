import { AAC_FRAME_SAMPLES, GRID_FRAMES, type HouseProfile } from '../../contract/profile.ts';
import { samplesPerFrame } from '../../media/house-format.ts';

/**
 * Frames of sound before and after the picture of a crossfade piece: one grid unit. The engine drops them by their PTS; they
 * are there so that at both seams the overlap of neighbouring AAC frames cancels as inside one stream (60 to 68 dB).
 */
export function rollFrames(profile: HouseProfile): number {
  return GRID_FRAMES[profile.fps];
}

/**
 * ffmpeg's filter graph of a crossfade. Input 0 is an excerpt of the outgoing piece in which the crossfade starts
 * `fromOffset` frames after its first picture, input 1 the head of the incoming one; the sound of both starts one AAC
 * frame before the picture. Output `[v]`: `length` frames, the first at `rollFrames` of the time base; `[a]`: from 0,
 * with a roll before and after. Pictures fade linearly, sound with equal power (quarter sine), since two programmes
 * are uncorrelated.
 */
export function crossfadeGraph(profile: HouseProfile, length: number, fromOffset: number): string {
  const { fps } = profile;
  const roll = rollFrames(profile);
  const perFrame = samplesPerFrame(profile);
  // ffmpeg 7 forgets the frame rate at setpts, and xfade refuses inputs without one: hence fps after it.
  const constant = `settb=1/${fps},setpts=N,fps=${fps}`;
  const fromStart = AAC_FRAME_SAMPLES + (fromOffset - roll) * perFrame;
  const fromEnd = AAC_FRAME_SAMPLES + (fromOffset + length) * perFrame;
  const toEnd = AAC_FRAME_SAMPLES + (length + roll) * perFrame;
  const rollSamples = roll * perFrame;
  // The first AAC frame overlaps one of the outgoing piece, which knows nothing of the incoming: the fade begins behind it
  // (measured: 44 dB at that seam otherwise).
  const hold = AAC_FRAME_SAMPLES;
  const fade = length * perFrame - hold;
  return [
    `[0:v]trim=start_frame=${fromOffset}:end_frame=${fromOffset + length},${constant}[va]`,
    `[1:v]trim=end_frame=${length},${constant}[vb]`,
    `[va][vb]xfade=transition=fade:duration=${(length / fps).toFixed(6)}:offset=0,format=yuv420p,setpts=N+${roll}[v]`,
    `[0:a]atrim=start_sample=${fromStart}:end_sample=${fromEnd},asetpts=N/SR/TB,` +
      `afade=t=out:ss=${rollSamples + hold}:ns=${fade}:curve=qsin,apad=pad_len=${rollSamples}[aa]`,
    `[1:a]atrim=start_sample=${AAC_FRAME_SAMPLES}:end_sample=${toEnd},asetpts=N/SR/TB,` +
      `afade=t=in:ss=${hold}:ns=${fade}:curve=qsin,adelay=delays=${rollSamples}S:all=1[ab]`,
    '[aa][ab]amix=inputs=2:normalize=0:duration=longest[a]',
  ].join(';');
}
