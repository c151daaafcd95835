import { useSortable } from '@dnd-kit/sortable';
import { memo } from 'react';
import type { TimelineItem } from '../../../core/contract/queue.ts';
import { playNext, removeItem } from '../queue/queue-commands.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Poster } from '../ui/Poster.tsx';

interface QueueRowProps {
  item: TimelineItem;
  /** 1 is the item on air, or the first one when off air. */
  place: number;
  topPx: number;
}

/** One place of the queue. What is on air or about to air has no handle and says why. */
export const QueueRow = memo(function QueueRow({ item, place, topPx }: QueueRowProps) {
  const fixed = item.locked || item.state === 'on_air';
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: item.id,
    disabled: { draggable: fixed, droppable: fixed },
  });
  const shift = transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined;
  return (
    <li
      ref={setNodeRef}
      className="queue-row"
      data-id={item.id}
      data-state={item.state}
      data-locked={item.locked}
      data-lifted={isDragging}
      style={{ top: topPx, transform: shift, transition }}
      aria-posinset={place}
    >
      {fixed ? (
        <span className="queue-row__grip" title={item.locked ? strings.queue.locked : strings.queue.onAir}>
          {item.locked && <Icon name="lock" />}
        </span>
      ) : (
        <button
          type="button"
          ref={setActivatorNodeRef}
          className="queue-row__grip"
          {...attributes}
          {...listeners}
          aria-label={strings.queue.drag(item.title)}
        >
          <Icon name="grip" />
        </button>
      )}
      <QueueRowBody item={item} />
      {!fixed && (
        <div className="queue-row__acts">
          <button
            type="button"
            className="icon-button"
            title={strings.queue.playNext}
            aria-label={`${strings.queue.playNext}: ${item.title}`}
            onClick={() => void playNext(item)}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            className="icon-button"
            title={strings.queue.remove}
            aria-label={`${strings.queue.remove}: ${item.title}`}
            onClick={() => void removeItem(item)}
          >
            <Icon name="trash" />
          </button>
        </div>
      )}
    </li>
  );
});

/** Picture, title, times; also what follows the pointer while a row is dragged. */
export function QueueRowBody({ item }: { item: TimelineItem }) {
  const starts = item.startsAtMs === null ? format.UNKNOWN : format.clock(item.startsAtMs);
  return (
    <>
      <Poster assetId={item.assetId} width={68} palette={item.palette} />
      <div className="row__words">
        <strong className="ellipsis" title={item.title}>
          {item.title}
        </strong>
        <span className="row__line numbers">
          <b className="queue-row__time">{starts}</b> {format.duration(item.durationMs)}
          {item.join === 'pending' && <span className="queue-row__join" title={strings.next.join.pending} />}
          {item.join === 'crossfade' && (
            <span className="queue-row__join" data-ready="true" title={strings.next.join.crossfade} />
          )}
          {item.state === 'on_air' && <span className="tag tag--red">{strings.queue.onAir}</span>}
          {item.locked && item.state !== 'on_air' && <span className="tag tag--amber">{strings.queue.locked}</span>}
          {item.origin === 'operator' && item.state === 'queued' && !item.locked && (
            <span className="tag tag--violet">{strings.queue.operator}</span>
          )}
        </span>
      </div>
    </>
  );
}
