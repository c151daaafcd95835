import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { TimelineItem } from '../../../core/contract/queue.ts';
import { moveToIndex } from '../queue/queue-commands.ts';
import { useQueue } from '../state/queue-store.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { QueueRow, QueueRowBody } from './QueueRow.tsx';

const ROW_PX = 58;

/** The whole queue: 10,000 rows are as quick as ten. Drag a row, or lift it with the space bar and use the arrow keys. */
export function QueueList() {
  const items = useQueue((store) => store.items);
  const total = useQueue((store) => store.total);
  const loaded = useQueue((store) => store.loaded);
  const [draggedId, setDraggedId] = useState<string | null>(null);
  const viewport = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => items.map((item) => item.id), [items]);
  const places = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids]);
  const lengthMs = useMemo(() => items.reduce((sum, item) => sum + item.durationMs, 0), [items]);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 8,
    // A lifted row must stay in the page, however far the list is scrolled under it.
    rangeExtractor: (range) => {
      const first = Math.max(0, range.startIndex - range.overscan);
      const last = Math.min(range.count - 1, range.endIndex + range.overscan);
      const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
      const lifted = draggedId === null ? undefined : places.get(draggedId);
      return lifted === undefined || (lifted >= first && lifted <= last)
        ? indexes
        : [...indexes, lifted].sort((a, b) => a - b);
    },
  });
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const dragged = items.find((item) => item.id === draggedId);

  const end = ({ active, over }: DragEndEvent) => {
    setDraggedId(null);
    const to = over ? places.get(String(over.id)) : undefined;
    if (to !== undefined && over?.id !== active.id) void moveToIndex(String(active.id), to);
  };

  if (loaded && items.length === 0) {
    return (
      <div className="empty">
        <strong>{strings.queue.empty}</strong>
        <span className="muted">{strings.queue.emptyHint}</span>
      </div>
    );
  }
  return (
    <>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        accessibility={{
          announcements: announcements(items, places),
          screenReaderInstructions: { draggable: strings.queue.dragHelp },
        }}
        onDragStart={({ active }: DragStartEvent) => setDraggedId(String(active.id))}
        onDragCancel={() => setDraggedId(null)}
        onDragEnd={end}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          <div className="queue scroll" ref={viewport}>
            <ol className="queue__rows" style={{ height: rows.getTotalSize() }} aria-label={strings.panel.queue}>
              {rows.getVirtualItems().map((row) => {
                const item = items[row.index];
                return item ? <QueueRow key={item.id} item={item} place={row.index + 1} topPx={row.start} /> : null;
              })}
            </ol>
          </div>
        </SortableContext>
        <DragOverlay dropAnimation={null}>
          {dragged ? (
            <div className="queue-row queue-row--lifted">
              <QueueRowBody item={dragged} />
            </div>
          ) : null}
        </DragOverlay>
      </DndContext>
      <footer className="panel__foot numbers">
        {strings.queue.total(format.count(total), format.roughly(lengthMs))}
        {items[0]?.startsAtMs === null && ` · ${strings.queue.off}`}
      </footer>
    </>
  );
}

/** What a screen reader says while a row is moved by the keyboard. */
function announcements(items: readonly TimelineItem[], places: ReadonlyMap<string, number>): Announcements {
  const titleOf = (id: string | number) => items[places.get(String(id)) ?? -1]?.title ?? '';
  const placeOf = (id: string | number) => (places.get(String(id)) ?? 0) + 1;
  return {
    onDragStart: ({ active }) => strings.queue.lifted(titleOf(active.id)),
    onDragOver: ({ active, over }) => (over ? strings.queue.over(titleOf(active.id), placeOf(over.id)) : undefined),
    onDragEnd: ({ active, over }) => strings.queue.dropped(titleOf(active.id), placeOf(over?.id ?? active.id)),
    onDragCancel: ({ active }) => strings.queue.cancelled(titleOf(active.id)),
  };
}
