import { create } from 'zustand';
import type { TimelineItem } from '../../../core/contract/queue.ts';
import { applyEdits, type QueueEdit } from '../queue/optimistic-queue.ts';
import { useChannel } from './channel-store.ts';

interface QueueStore {
  /** What the host last said. */
  server: readonly TimelineItem[];
  /** Items in the whole queue, of which `server` may be the beginning. */
  total: number;
  edits: readonly QueueEdit[];
  /** What the page shows: `server` with `edits` on top. */
  items: readonly TimelineItem[];
  loaded: boolean;
}

export const useQueue = create<QueueStore>(() => ({ server: [], total: 0, edits: [], items: [], loaded: false }));

function transitionMs(): number {
  const profile = useChannel.getState().channel?.profile;
  return profile ? (profile.gopFrames * 1000) / profile.fps : 0;
}

/** The host's word on the queue: edits it has answered are part of it now. */
export function queueArrived(server: readonly TimelineItem[], total: number): void {
  useQueue.setState((before) => {
    const edits = before.edits.filter((edit) => !edit.settled);
    return { server, total, edits, items: applyEdits(server, edits, transitionMs()), loaded: true };
  });
}

let nextKey = 1;

/** Shows an edit before the host has answered; returns its key for `settleEdit` or `dropEdit`. */
export function showEdit(
  edit:
    | { kind: 'move'; id: string; where: Extract<QueueEdit, { kind: 'move' }>['where'] }
    | { kind: 'remove'; id: string },
): number {
  const key = nextKey;
  nextKey += 1;
  useQueue.setState((before) => {
    const edits: QueueEdit[] = [...before.edits, { ...edit, key, settled: false }];
    return { edits, items: applyEdits(before.server, edits, transitionMs()) };
  });
  return key;
}

/** The host has done it: the edit stays until the queue that contains it arrives. */
export function settleEdit(key: number): void {
  useQueue.setState((before) => ({
    edits: before.edits.map((edit) => (edit.key === key ? { ...edit, settled: true } : edit)),
  }));
}

/** The host refused: the queue goes back to what it was. */
export function dropEdit(key: number): void {
  useQueue.setState((before) => {
    const edits = before.edits.filter((edit) => edit.key !== key);
    return { edits, items: applyEdits(before.server, edits, transitionMs()) };
  });
}
