import type { TimelineItem } from '../../../core/contract/queue.ts';
import { command } from '../api/command.ts';
import { dropEdit, settleEdit, showEdit, useQueue } from '../state/queue-store.ts';
import { toast } from '../state/toast-store.ts';
import { strings } from '../strings.ts';
import { type Where, whereForIndex } from './optimistic-queue.ts';

async function move(id: string, where: Where): Promise<boolean> {
  const key = showEdit({ kind: 'move', id, where });
  const result = await command((client) => client.queue.move({ id, where }));
  if (result.ok) settleEdit(key);
  else dropEdit(key);
  return result.ok;
}

/** Moves an item to `index` of the queue as shown; shown at once, taken back when the host refuses. */
export async function moveToIndex(id: string, index: number): Promise<void> {
  const where = whereForIndex(useQueue.getState().items, id, index);
  if (where) await move(id, where);
}

/** One place up (−1) or down (+1). */
export async function moveBy(id: string, steps: number): Promise<void> {
  const index = useQueue.getState().items.findIndex((item) => item.id === id);
  if (index >= 0) await moveToIndex(id, Math.max(0, index + steps));
}

/** Right behind the item on air (and behind what is locked). */
export async function playNext(item: TimelineItem): Promise<void> {
  const where = whereForIndex(useQueue.getState().items, item.id, 0);
  if (!where) return;
  if (await move(item.id, where)) toast({ tone: 'info', text: strings.queue.playsNext(item.title) });
}

let lastRemoved: (() => void) | null = null;

/** Takes an item out of the queue; the message has an Undo that puts it back where it was. */
export async function removeItem(item: TimelineItem): Promise<void> {
  if (item.locked || item.state === 'on_air') return;
  const key = showEdit({ kind: 'remove', id: item.id });
  const result = await command((client) => client.queue.remove({ id: item.id }));
  if (!result.ok) {
    dropEdit(key);
    return;
  }
  settleEdit(key);
  const { undo } = result.value;
  const putBack = () => {
    lastRemoved = null;
    void command((client) => client.queue.add(undo)).then((added) => {
      if (added.ok) toast({ tone: 'info', text: strings.queue.backInQueue(item.title) });
    });
  };
  lastRemoved = putBack;
  toast({ tone: 'info', text: strings.queue.removed(item.title), action: { label: strings.queue.undo, run: putBack } });
}

/** The keyboard's way to the last Undo. */
export function undoRemove(): void {
  lastRemoved?.();
}
