import type { TimelineItem } from '../../../core/contract/queue.ts';

/** Where an item goes, as the control API says it. `head` is right behind the item on air. */
export type Where = 'end' | 'head' | { beforeId: string };

/** A change the operator made that the host has not shown yet. */
export type QueueEdit = { key: number; settled: boolean } & (
  | { kind: 'move'; id: string; where: Where }
  | { kind: 'remove'; id: string }
);

/** Index at which `where` inserts; the end when the item it names has gone. */
function insertionIndex(items: readonly TimelineItem[], where: Where): number {
  if (where === 'end') return items.length;
  if (where === 'head') return items[0]?.state === 'on_air' ? 1 : 0;
  const index = items.findIndex((item) => item.id === where.beforeId);
  return index < 0 ? items.length : index;
}

function applyEdit(items: readonly TimelineItem[], edit: QueueEdit): TimelineItem[] {
  const rest = items.filter((item) => item.id !== edit.id);
  const moved = items.find((item) => item.id === edit.id);
  if (edit.kind === 'remove' || !moved) return rest;
  rest.splice(insertionIndex(rest, edit.where), 0, moved);
  return rest;
}

/**
 * The queue as it will be when the host has done what the operator asked: edits in order on top of what the host said.
 * Applying an edit that the host has already done changes nothing. From the first changed place on, start times are
 * projected again and joins with a new neighbour become `pending`. `transitionMs` is the length of a crossfade.
 */
export function applyEdits(
  server: readonly TimelineItem[],
  edits: readonly QueueEdit[],
  transitionMs: number,
): readonly TimelineItem[] {
  if (edits.length === 0) return server;
  const order = edits.reduce<readonly TimelineItem[]>(applyEdit, server);
  if (order.length === server.length && order.every((item, index) => item === server[index])) return server;
  const followed = new Map<string, string | undefined>();
  for (const [index, item] of server.entries()) followed.set(item.id, server[index - 1]?.id);
  const result: TimelineItem[] = [];
  for (const [index, item] of order.entries()) {
    const before = result[index - 1];
    const sameNeighbour = followed.get(item.id) === before?.id;
    const join = sameNeighbour || item.join === 'cut' || !before ? item.join : 'pending';
    const startsAtMs = before ? endOf(before, join, transitionMs) : (server[0]?.startsAtMs ?? null);
    result.push(join === item.join && startsAtMs === item.startsAtMs ? item : { ...item, join, startsAtMs });
  }
  return result;
}

function endOf(item: TimelineItem, joinOfNext: TimelineItem['join'], transitionMs: number): number | null {
  if (item.startsAtMs === null) return null;
  return item.startsAtMs + item.durationMs - (joinOfNext === 'cut' ? 0 : transitionMs);
}

/** First index a person may put something at: behind the item on air and everything locked. */
export function firstFreeIndex(items: readonly TimelineItem[]): number {
  let index = 0;
  while (index < items.length && (items[index]?.state === 'on_air' || items[index]?.locked)) index += 1;
  return index;
}

/**
 * The `where` that puts item `id` at `index` of the list without it; null when that is where it is already,
 * or when the item itself may not be moved. Places in front of locked items become the first free place.
 */
export function whereForIndex(items: readonly TimelineItem[], id: string, index: number): Where | null {
  const from = items.findIndex((item) => item.id === id);
  const moved = items[from];
  if (!moved || moved.locked || moved.state === 'on_air') return null;
  const target = Math.max(index, firstFreeIndex(items));
  if (target === from) return null;
  const rest = items.filter((item) => item.id !== id);
  const following = rest[target];
  return following ? { beforeId: following.id } : 'end';
}
