import type { HostAsk } from '../contract/daemon-messages.ts';
import { describeError } from '../contract/errors.ts';
import type { WatchdogStatus } from '../contract/watchdog.ts';
import type { Logger } from '../platform/logger.ts';
import type { BroadcasterControl } from './broadcaster-control.ts';
import type { DaemonFleet, WatchMessage } from './daemon-fleet.ts';
import type { ProcessReport } from './studio.ts';

export interface WatchdogDeskOptions {
  readonly log: Logger;
  readonly broadcaster: Pick<BroadcasterControl, 'replace'>;
  readonly daemons: Pick<DaemonFleet, 'send'>;
  readonly processes: () => Promise<ProcessReport[]>;
  readonly onStatus: () => void;
}

export const NO_WATCHDOGS: WatchdogStatus = {
  watchdog_count: 0,
  watchdogs: {},
  restart_history: [],
  recovery_history: [],
};

/** The host's part of the watchdog: keeps its last word for the page, and does what only the host can. */
export class WatchdogDesk {
  readonly #options: WatchdogDeskOptions;
  #latest: WatchdogStatus | null = null;

  constructor(options: WatchdogDeskOptions) {
    this.#options = options;
  }

  /** Null until the first round of checks is over. */
  get latest(): WatchdogStatus | null {
    return this.#latest;
  }

  take(message: WatchMessage): void {
    if (message.type === 'ask') this.#do(message.ask);
    else {
      this.#latest = message.status;
      this.#options.onStatus();
    }
  }

  /** Lets the watchdog see the other processes. */
  async tellProcesses(): Promise<void> {
    const processes = (await this.#options.processes()).map(({ name, pid, state, loopDelayP99Ms }) => ({
      name,
      pid,
      state,
      loopDelayP99Ms,
    }));
    this.#options.daemons.send('watch', { type: 'processes', processes });
  }

  #do(ask: HostAsk): void {
    const { log, broadcaster, daemons } = this.#options;
    if (ask.name === 'wakePlanner') daemons.send('planner', { type: 'wake', topics: ['queue'] });
    else
      broadcaster.replace(ask.pid).then(
        (replaced) => log.warn({ ...ask, replaced }, 'the watchdog asks for another broadcaster'),
        (error: unknown) => log.error({ ...ask, error: describeError(error) }, 'the broadcaster was not replaced'),
      );
  }
}
