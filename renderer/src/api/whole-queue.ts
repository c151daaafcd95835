import type { TimelineItem } from '../../../core/contract/queue.ts';
import { queueArrived, useQueue } from '../state/queue-store.ts';
import { studio } from './studio.ts';

const LONGEST_QUEUE = 20_000;
let running = false;
let again = false;

/**
 * The live stream carries the beginning of a long queue; the rest is asked for. Until it comes, the new beginning is
 * shown in front of the rest as it was, so that a long list neither shrinks nor jumps.
 */
export function completeQueue(beginning: readonly TimelineItem[], total: number): void {
  const fresh = new Set(beginning.map((item) => item.id));
  const known = useQueue.getState().server;
  const lastShared = known.findLastIndex((item) => fresh.has(item.id));
  const rest = lastShared < 0 ? [] : known.slice(lastShared + 1);
  queueArrived([...beginning, ...rest], total);
  if (running) {
    again = true;
    return;
  }
  void fetchWhole();
}

async function fetchWhole(): Promise<void> {
  running = true;
  try {
    do {
      again = false;
      const whole = await studio.client?.queue.list({ limit: LONGEST_QUEUE });
      if (whole) queueArrived(whole.items, whole.total);
    } while (again);
  } catch {
    // The connection went away: the next one starts with a snapshot, which asks again.
  } finally {
    running = false;
  }
}
