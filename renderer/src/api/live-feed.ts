import type { LiveEvent } from '../../../core/contract/control-api.ts';
import { useAsRun } from '../state/as-run-store.ts';
import { useChannel } from '../state/channel-store.ts';
import { useDecisions } from '../state/decisions-store.ts';
import { useDestinations } from '../state/destinations-store.ts';
import { useIncidents } from '../state/incidents-store.ts';
import { usePipeline } from '../state/pipeline-store.ts';
import { queueArrived } from '../state/queue-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useWatchdog } from '../state/watchdog-store.ts';
import { studioClock } from '../time/server-clock.ts';
import { completeQueue } from './whole-queue.ts';

/** Puts one event of the live stream into the store of its domain. Each event is the whole of its part. */
export function takeLiveEvent(event: LiveEvent): void {
  switch (event.type) {
    case 'channel':
      useChannel.setState({ channel: event.channel });
      return;
    case 'status':
      if (event.status) studioClock.note(event.status.atMs);
      useStatus.setState({ status: event.status, receivedAtMs: Date.now() });
      return;
    case 'queue':
      if (event.items.length < event.total) completeQueue(event.items, event.total);
      else queueArrived(event.items, event.total);
      return;
    case 'pipeline':
      usePipeline.setState({ pipeline: event.pipeline });
      return;
    case 'destinations':
      useDestinations.setState({ destinations: event.destinations });
      return;
    case 'asRun':
      useAsRun.setState({ rows: event.rows });
      return;
    case 'incidents':
      useIncidents.setState({ incidents: event.incidents });
      return;
    case 'decisions':
      useDecisions.setState({ decisions: event.decisions });
      return;
    case 'watchdog':
      useWatchdog.setState({ watchdog: event.watchdog });
      return;
  }
}
