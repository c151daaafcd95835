import type { ZoomName } from '../state/preferences.ts';

const MINUTE = 60_000;
export const ZOOM_SPANS: Readonly<Record<ZoomName, number>> = {
  '15m': 15 * MINUTE,
  '1h': 60 * MINUTE,
  '6h': 360 * MINUTE,
};

/** Share of the width that lies before now while the view follows the clock. */
export const PAST_SHARE = 0.12;
const STEPS = [10_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE];
const LABEL_PX = 84;

/** Distance between two labelled marks, ms: the smallest round one that leaves room for the label. */
export function tickStepMs(pxPerMs: number): number {
  return STEPS.find((step) => step * pxPerMs >= LABEL_PX) ?? 2 * 60 * MINUTE;
}

/** Marks of the ruler in `[fromMs, toMs]`, on round local times (`offsetMinutes` as `Date#getTimezoneOffset` gives it). */
export function ticks(fromMs: number, toMs: number, stepMs: number, offsetMinutes: number): number[] {
  const shift = offsetMinutes * MINUTE;
  const first = Math.ceil((fromMs - shift) / stepMs) * stepMs + shift;
  const result: number[] = [];
  for (let at = first; at <= toMs; at += stepMs) result.push(at);
  return result;
}

/** What the timeline draws: a stretch of what aired, what airs, or what will. */
export interface Segment {
  key: string;
  kind: 'aired' | 'on_air' | 'queued' | 'fill';
  startMs: number;
  endMs: number;
}

/** The part of a list sorted by start that meets `[fromMs, toMs]`. */
export function visible<T extends Segment>(segments: readonly T[], fromMs: number, toMs: number): T[] {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.endMs ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  const result: T[] = [];
  for (let index = low; index < segments.length; index += 1) {
    const segment = segments[index];
    if (!segment || segment.startMs > toMs) break;
    result.push(segment);
  }
  return result;
}
