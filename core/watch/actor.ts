import type { BroadcasterCommand } from '../contract/broadcaster-protocol.ts';
import type { HostAsk } from '../contract/daemon-messages.ts';
import { StudioError } from '../contract/errors.ts';
import type { Measure } from './finding.ts';

export interface ActorParts {
  /** To the broadcaster directly. */
  readonly command: (command: BroadcasterCommand) => Promise<void>;
  /** Of the broadcaster; null when there is no run file. */
  readonly broadcasterPid: () => Promise<number | null>;
  readonly ask: (ask: HostAsk) => void;
}

/** Carries a measure out. Rejects when it could not be. */
export async function takeMeasure(measure: Measure, reason: string, parts: ActorParts): Promise<void> {
  switch (measure.action) {
    case 'wake_planner':
      parts.ask({ name: 'wakePlanner' });
      return;
    case 'reconnect':
      await parts.command({ name: 'reconnect', destinationId: measure.destinationId });
      return;
    case 'emergency_on':
      await parts.command({ name: 'emergency', on: true });
      return;
    case 'restart_broadcaster': {
      const pid = await parts.broadcasterPid();
      if (pid === null)
        throw new StudioError('BROADCASTER_UNREACHABLE', 'no broadcaster is known: the host starts one');
      parts.ask({ name: 'restartBroadcaster', pid, reason });
    }
  }
}
