import { AAC_FRAME_TICKS, TICKS_PER_SECOND } from '../contract/profile.ts';
import type { MediaUnit } from '../media/mpegts/media-unit.ts';

/** How regular the time stamps of a piece of stream are. */
export interface StreamShape {
  readonly videoFrames: number;
  readonly audioFrames: number;
  readonly keyframes: number;
  /** Longest step beyond the regular one between two frames, ms; 0 when there is none. */
  readonly videoHoleMs: number;
  readonly audioHoleMs: number;
  /** Steps backwards, of picture and sound. */
  readonly backSteps: number;
  /** By how much picture and sound end apart, ms; positive: the picture is ahead. Null without both. */
  readonly endOffsetMs: number | null;
}

const toMs = (ticks: number): number => (ticks * 1000) / TICKS_PER_SECOND;

/**
 * Time stamps went through FLV, which knows whole milliseconds only (FLV specification v10.1, E.4.1): a hole is a step
 * that exceeds the regular one by more than that rounding.
 */
const ROUNDING_MS = 2;

/** The shape of access units in the order in which they were read. 33-bit wraps do not occur in a few seconds of a fresh mux. */
export function streamShape(units: readonly Pick<MediaUnit, 'kind' | 'pts' | 'key'>[], fps: number): StreamShape {
  const video = units.filter(({ kind }) => kind === 'video');
  const audio = units.filter(({ kind }) => kind === 'audio');
  const frameTicks = TICKS_PER_SECOND / fps;
  const picture = steps(video.map(({ pts }) => pts));
  const sound = steps(audio.map(({ pts }) => pts));
  const pictureEnd = video.at(-1);
  const soundEnd = audio.at(-1);
  return {
    videoFrames: video.length,
    audioFrames: audio.length,
    keyframes: video.filter(({ key }) => key).length,
    videoHoleMs: holeMs(picture.longest, frameTicks),
    audioHoleMs: holeMs(sound.longest, AAC_FRAME_TICKS),
    backSteps: picture.back + sound.back,
    endOffsetMs: pictureEnd && soundEnd ? toMs(pictureEnd.pts + frameTicks - (soundEnd.pts + AAC_FRAME_TICKS)) : null,
  };
}

function steps(stamps: readonly number[]): { longest: number; back: number } {
  let longest = 0;
  let back = 0;
  for (const [index, pts] of stamps.entries()) {
    const before = stamps[index - 1];
    if (before === undefined) continue;
    if (pts <= before) back += 1;
    longest = Math.max(longest, pts - before);
  }
  return { longest, back };
}

function holeMs(longest: number, regular: number): number {
  const excess = toMs(longest - regular);
  return excess > ROUNDING_MS ? excess : 0;
}
