import { excused, healthy, unhealthy, unknown, type Verdict } from '../verdict.ts';

/** Luma that blackdetect takes for black (0.10 of the range above 16), and the share of the picture that has to be. */
const BLACK_LUMA = 38;
const BLACK_SHARE = 0.99;
/** Mean and largest difference of grey values below which nothing moves: stricter than freezedetect at -50 dB, which certified the assets. */
const STILL_MEAN = 0.7;
const STILL_LARGEST = 8;
/** Keyframes that have to agree. */
const LEAST_KEYFRAMES = 2;

const isBlack = (thumb: Uint8Array): boolean =>
  thumb.reduce((count, luma) => count + Number(luma <= BLACK_LUMA), 0) >= BLACK_SHARE * thumb.length;

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let sum = 0;
  for (const [index, value] of a.entries()) {
    const difference = Math.abs(value - (b[index] ?? 0));
    if (difference > STILL_LARGEST) return false;
    sum += difference;
  }
  return sum <= STILL_MEAN * a.length;
}

/** Is the picture black? `explained`: why it may be, null when nothing does. */
export function checkBlack(thumbs: readonly Uint8Array[], explained: string | null): Verdict {
  if (thumbs.length < LEAST_KEYFRAMES) return unknown('Too few keyframes in the sample to judge the picture.');
  if (!thumbs.every(isBlack)) return healthy('There is a picture.');
  return explained === null
    ? unhealthy('The picture is black, and nothing explains it.')
    : excused(`The picture is black: ${explained}.`);
}

/** Does the picture move? `before`: the last keyframe of the sample before, when the same item was on air. */
export function checkFrozen(
  thumbs: readonly Uint8Array[],
  before: Uint8Array | null,
  explained: string | null,
): Verdict {
  const [first] = thumbs;
  if (!first || thumbs.length < LEAST_KEYFRAMES)
    return unknown('Too few keyframes in the sample to judge the picture.');
  const still = thumbs.every((thumb) => isSame(thumb, first)) && (before === null || isSame(before, first));
  if (!still) return healthy('The picture moves.');
  return explained === null
    ? unhealthy('The picture does not move, and nothing explains it.')
    : excused(`The picture does not move: ${explained}.`);
}
