import { useDraggable } from '@dnd-kit/core';
import { type KeyboardEvent, memo } from 'react';
import type { TimelineItem } from '../../../core/contract/queue.ts';
import { moveBy, playNext, removeItem } from '../queue/queue-commands.ts';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Thumbs } from './Thumbs.tsx';

/** Narrower than this an item shows nothing but its picture. */
const FEWEST_PX = 12;

interface TimelineItemProps {
  item: TimelineItem;
  leftPx: number;
  widthPx: number;
  joinPx: number;
  fromPx: number;
  toPx: number;
  focusable: boolean;
  onFocus: (id: string) => void;
  onStep: (from: HTMLElement, direction: -1 | 1) => void;
}

/** A queued item, or the one on air, at its wall-clock place. Drag it, or move it with Alt and the arrow keys. */
export const TimelineItemView = memo(function TimelineItemView(props: TimelineItemProps) {
  const { item, leftPx, widthPx, joinPx, fromPx, toPx, focusable, onFocus, onStep } = props;
  const fixed = item.locked || item.state === 'on_air';
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: item.id, disabled: fixed });
  const start = item.startsAtMs === null ? format.UNKNOWN : format.clock(item.startsAtMs);
  const length = format.duration(item.durationMs);

  const key = (event: KeyboardEvent<HTMLButtonElement>) => {
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction !== 0 && event.altKey) void moveBy(item.id, direction);
    else if (direction !== 0) onStep(event.currentTarget, direction);
    else if (event.key === 'Delete' || event.key === 'Backspace') void removeItem(item);
    else if (event.key === 'n' || event.key === 'N') void playNext(item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <button
      type="button"
      ref={setNodeRef}
      className="item"
      data-state={item.state}
      data-locked={item.locked}
      data-lifted={isDragging}
      data-item={item.id}
      data-narrow={widthPx < 34}
      style={{ transform: `translateX(${leftPx}px)`, width: widthPx, '--left': leftPx, '--width': widthPx }}
      tabIndex={focusable ? 0 : -1}
      aria-label={strings.timeline.itemLabel(item.title, start, length)}
      aria-description={strings.timeline.itemHelp}
      title={`${item.title}\n${start} · ${length}`}
      onFocus={() => onFocus(item.id)}
      onKeyDown={key}
      {...listeners}
    >
      <Thumbs
        assetId={item.assetId}
        palette={item.palette}
        widthPx={widthPx}
        durationMs={item.durationMs}
        fromPx={fromPx}
        toPx={toPx}
      />
      {item.join !== 'cut' && widthPx > FEWEST_PX && (
        <span className="item__join" data-join={item.join} style={{ width: Math.min(joinPx, widthPx * 0.3) }} />
      )}
      {item.locked && item.state !== 'on_air' && (
        <span className="item__lock" title={strings.queue.locked}>
          <Icon name="lock" />
        </span>
      )}
      <span className="item__label">
        <b className="ellipsis">{item.title}</b>
        <span className="numbers ellipsis">
          {start} · {length}
        </span>
      </span>
    </button>
  );
});
