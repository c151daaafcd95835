import { useStatus } from '../state/status-store.ts';
import { command } from './command.ts';

/** Cuts to the next item now, or to the one named. */
export function takeNext(queueItemId?: string): Promise<unknown> {
  return command((client) => client.program.take(queueItemId ? { queueItemId } : {}));
}

export function skip(): Promise<unknown> {
  return command((client) => client.program.skip());
}

/** Keeps the item on air repeating, or lets the queue go on. */
export function toggleHold(): Promise<unknown> {
  const on = !useStatus.getState().status?.hold;
  return command((client) => client.program.hold({ on }));
}

/** To the emergency loop, or back to the programme. */
export function toggleEmergency(): Promise<unknown> {
  const on = !useStatus.getState().status?.emergency;
  return command((client) => client.program.emergency({ on }));
}
