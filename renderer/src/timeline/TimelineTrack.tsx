import {
  DndContext,
  type DragEndEvent,
  type DragMoveEvent,
  DragOverlay,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { moveToIndex } from '../queue/queue-commands.ts';
import { useAsRun } from '../state/as-run-store.ts';
import { useChannel } from '../state/channel-store.ts';
import { useConnection } from '../state/connection-store.ts';
import { useQueue } from '../state/queue-store.ts';
import { useStatus } from '../state/status-store.ts';
import * as format from '../time/format.ts';
import { Poster } from '../ui/Poster.tsx';
import { useNow } from '../ui/use-now.ts';
import { LoudnessLane } from './LoudnessLane.tsx';
import { NowFlag } from './NowFlag.tsx';
import { PastSegment } from './PastSegment.tsx';
import { Ruler } from './Ruler.tsx';
import { dropIndex, type TimelineSegment, timelineSegments } from './segments.ts';
import { TimelineItemView } from './TimelineItem.tsx';
import { visible } from './timeline-scale.ts';
import type { TimelineView } from './use-timeline-view.ts';

const EDGE_PX = 48;
/** Of items longer than this only the part in view gets pictures. */
const LONG_PX = 3000;

/** The moving part of the timeline: ruler, items, loudness, now line; panning and dragging. */
export function TimelineTrack({ view }: { view: TimelineView }) {
  const items = useQueue((store) => store.items);
  const asRun = useAsRun((store) => store.rows);
  const program = useStatus((store) => store.status?.program ?? null);
  const profile = useChannel((store) => store.channel?.profile ?? null);
  const connected = useConnection((store) => store.link.phase === 'connected');
  const [dragged, setDragged] = useState<string | null>(null);
  const [mark, setMark] = useState<number | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const second = useNow(1000);
  const { pxPerMs, baseMs, fromMs, toMs } = view;
  // Only a fill on air and a queue without times move with the clock.
  const moving = (program && program.kind !== 'asset') || items[0]?.startsAtMs === null ? second : 0;
  const segments = useMemo(() => timelineSegments(asRun, items, program, moving), [asRun, items, program, moving]);
  const shown = visible(segments, fromMs, toMs);
  const joinPx = profile ? Math.max(7, ((profile.gopFrames * 1000) / profile.fps) * pxPerMs) : 7;
  const left = (atMs: number) => (atMs - baseMs) * pxPerMs;
  const firstQueued = shown.find((segment) => segment.kind === 'on_air' || segment.kind === 'queued')?.key ?? null;
  const focusKey = shown.some((segment) => segment.key === focused) ? focused : firstQueued;

  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }));
  const pointerX = (event: DragMoveEvent | DragEndEvent) =>
    (event.activatorEvent instanceof MouseEvent ? event.activatorEvent.clientX : 0) + event.delta.x;

  const move = (event: DragMoveEvent) => {
    const x = pointerX(event);
    const box = view.viewport.current?.getBoundingClientRect();
    if (box && x > box.right - EDGE_PX) view.pan(16);
    else if (box && x < box.left + EDGE_PX) view.pan(-16);
    setMark(markAt(segments, String(event.active.id), view.timeAt(x)));
  };
  const drop = (event: DragEndEvent) => {
    const id = String(event.active.id);
    setDragged(null);
    setMark(null);
    void moveToIndex(id, dropIndex(segments, id, view.timeAt(pointerX(event))));
  };
  const step = useCallback((from: HTMLElement, direction: -1 | 1) => {
    const all = [...(from.parentElement?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    all[all.indexOf(from) + direction]?.focus();
  }, []);
  const panning = usePanning(view);
  const draggedItem = items.find((item) => item.id === dragged);

  return (
    <DndContext
      sensors={sensors}
      autoScroll={false}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragMove={move}
      onDragEnd={drop}
      onDragCancel={() => {
        setDragged(null);
        setMark(null);
      }}
    >
      <div className="track" ref={view.viewport} data-stale={!connected} {...panning}>
        <div className="track__content" ref={view.content}>
          <Ruler fromMs={fromMs} toMs={toMs} baseMs={baseMs} pxPerMs={pxPerMs} />
          <div className="track__row">
            {shown.map((segment) => {
              const leftPx = left(segment.startMs);
              const widthPx = Math.max(2, (segment.endMs - segment.startMs) * pxPerMs - 1);
              return segment.kind === 'aired' || segment.kind === 'fill' ? (
                <PastSegment key={segment.key} segment={segment} leftPx={leftPx} widthPx={widthPx} />
              ) : (
                <TimelineItemView
                  key={segment.key}
                  item={segment.item}
                  leftPx={leftPx}
                  widthPx={widthPx}
                  joinPx={joinPx}
                  fromPx={widthPx > LONG_PX ? left(fromMs) - leftPx : 0}
                  toPx={widthPx > LONG_PX ? left(toMs) - leftPx : widthPx}
                  focusable={segment.key === focusKey}
                  onFocus={setFocused}
                  onStep={step}
                />
              );
            })}
            {mark !== null && <span className="track__mark" style={{ left: left(mark) }} />}
          </div>
          <LoudnessLane segments={shown} left={left} pxPerMs={pxPerMs} />
        </div>
        <div className="now-line" ref={view.nowLine}>
          <NowFlag />
        </div>
      </div>
      <DragOverlay dropAnimation={null}>
        {draggedItem ? (
          <div className="item-lifted">
            <Poster assetId={draggedItem.assetId} width={80} palette={draggedItem.palette} />
            <span>
              <b className="ellipsis">{draggedItem.title}</b>
              <span className="numbers">{format.duration(draggedItem.durationMs)}</span>
            </span>
          </div>
        ) : null}
      </DragOverlay>
    </DndContext>
  );
}

/** Time of the line that shows where the dragged item would land. */
function markAt(segments: readonly TimelineSegment[], draggedId: string, atMs: number): number | null {
  const index = dropIndex(segments, draggedId, atMs);
  const queue = segments.filter(
    (segment) => (segment.kind === 'queued' || segment.kind === 'on_air') && segment.item.id !== draggedId,
  );
  return queue[index]?.startMs ?? queue.at(-1)?.endMs ?? null;
}

/** Dragging the empty part of the track pans it. */
function usePanning(view: TimelineView) {
  const from = useRef<number | null>(null);
  useEffect(() => {
    const now = () => view.followNow();
    window.addEventListener('vvtv:timeline-now', now);
    return () => window.removeEventListener('vvtv:timeline-now', now);
  }, [view.followNow]);
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest('[data-item]'))) return;
      from.current = event.clientX;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (from.current === null) return;
      view.pan(from.current - event.clientX);
      from.current = event.clientX;
    },
    onPointerUp: () => {
      from.current = null;
    },
    onPointerCancel: () => {
      from.current = null;
    },
  };
}
