import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ZoomName } from '../state/preferences.ts';
import { studioClock } from '../time/server-clock.ts';
import { PAST_SHARE, ZOOM_SPANS } from './timeline-scale.ts';

/** Farther from the base, 32-bit floats of the compositor would make the picture tremble. */
const FARTHEST_PX = 100_000;

export interface TimelineView {
  viewport: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  nowLine: RefObject<HTMLDivElement | null>;
  pxPerMs: number;
  /** Time at `left: 0` of the content. */
  baseMs: number;
  /** Stretch that is rendered: the view and half a view on each side. */
  fromMs: number;
  toMs: number;
  following: boolean;
  pan(deltaPx: number): void;
  followNow(): void;
  /** Time under a point of the page. */
  timeAt(clientX: number): number;
}

/**
 * Where the timeline looks. The content is moved by a transform between two renderings; it is rendered anew only when
 * the view has moved by a quarter of its span, so panning and the passing of time cost next to nothing.
 */
export function useTimelineView(zoom: ZoomName): TimelineView {
  const viewport = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const nowLine = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1000);
  const [following, setFollowing] = useState(true);
  const span = ZOOM_SPANS[zoom];
  const pxPerMs = width / span;
  const quarter = span / 4;
  const start = useRef(studioClock.now() - PAST_SHARE * span);
  const followingNow = useRef(true);
  const [chunk, setChunk] = useState(Math.floor(start.current / quarter));
  // A new zoom changes the length of a chunk: until the next frame corrects it, the chunk follows from the start.
  const first = useRef({ quarter, chunk });
  if (first.current.quarter !== quarter) {
    const centre = followingNow.current
      ? studioClock.now() - PAST_SHARE * span
      : start.current + (first.current.quarter * 4 - span) / 2;
    start.current = centre;
    first.current = { quarter, chunk: Math.floor(centre / quarter) };
    setChunk(first.current.chunk);
  }
  // Places are counted from a base that stays while the view moves, so that items keep theirs; far away it is set anew.
  const base = useRef(start.current);
  const atMs = chunk * quarter;
  if (Math.abs(atMs - base.current) * pxPerMs > FARTHEST_PX) base.current = atMs;
  const baseMs = base.current;

  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)));
    observer.observe(element);
    setWidth(Math.max(200, element.clientWidth));
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    let handle = 0;
    let lastPx = Number.NaN;
    const draw = () => {
      const now = studioClock.now();
      if (followingNow.current) start.current = now - PAST_SHARE * span;
      const px = (start.current - baseMs) * pxPerMs;
      if (!(Math.abs(px - lastPx) < 0.2)) {
        lastPx = px;
        if (content.current) {
          content.current.style.transform = `translate3d(${-px}px, 0, 0)`;
          content.current.style.setProperty('--view-left', String(px));
        }
        setChunk(Math.floor(start.current / quarter));
      }
      if (nowLine.current) {
        nowLine.current.style.transform = `translate3d(${(now - start.current) * pxPerMs}px, 0, 0)`;
      }
      handle = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(handle);
  }, [baseMs, pxPerMs, span, quarter]);

  const pan = useCallback(
    (deltaPx: number) => {
      followingNow.current = false;
      setFollowing(false);
      start.current += deltaPx / pxPerMs;
    },
    [pxPerMs],
  );

  useEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      const delta = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
      if (event.ctrlKey || delta === 0) return;
      event.preventDefault();
      pan(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? delta * 24 : delta);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [pan]);

  const followNow = useCallback(() => {
    followingNow.current = true;
    setFollowing(true);
  }, []);

  const timeAt = useCallback(
    (clientX: number) => {
      const left = viewport.current?.getBoundingClientRect().left ?? 0;
      return start.current + (clientX - left) / pxPerMs;
    },
    [pxPerMs],
  );

  return {
    viewport,
    content,
    nowLine,
    pxPerMs,
    baseMs,
    fromMs: atMs - span / 2,
    toMs: atMs + span * 1.75,
    following,
    pan,
    followNow,
    timeAt,
  };
}
