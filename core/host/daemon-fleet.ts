import type { DaemonToHost, HostToDaemon, JobProgress, Topic } from '../contract/daemon-messages.ts';
import { describeError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { answerStoreMessage } from '../store/store-relay.ts';
import type { StoreWriter } from '../store/writer/store-writer.ts';
import { forkDaemon } from './daemon-fork.ts';
import { type DaemonReport, DaemonSupervisor } from './daemon-supervisor.ts';
import { daemonModule } from './detached-daemons.ts';

export type WatchMessage = Extract<DaemonToHost, { type: 'watchdog' | 'ask' }>;

export interface DaemonFleetOptions {
  /** Folders under `core/` with a `main.ts`, in the order of their start. */
  readonly names: readonly string[];
  readonly dataDir: string;
  readonly channelId: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly store: Pick<StoreWriter, 'runBatch'>;
  readonly onProgress: (name: string, jobs: readonly JobProgress[]) => void;
  /** What only the watchdog says. */
  readonly onWatch: (message: WatchMessage) => void;
  readonly onLogLine: (name: string, line: string) => void;
  readonly onGivenUp: (name: string, message: string) => void;
}

/** The forked daemons: their store commands are run here, and every stored change wakes them. */
export class DaemonFleet {
  readonly #daemons: readonly DaemonSupervisor[];

  constructor(options: DaemonFleetOptions) {
    const { dataDir, channelId, log, clock } = options;
    this.#daemons = options.names.map(
      (name) =>
        new DaemonSupervisor({
          name,
          start: () => {
            options.onProgress(name, []);
            return forkDaemon({ modulePath: daemonModule(name), dataDir, channelId });
          },
          log,
          clock,
          random: Math.random,
          onMessage: (message, reply) => {
            if (message.type === 'progress') options.onProgress(name, message.jobs);
            else if (message.type === 'watchdog' || message.type === 'ask') options.onWatch(message);
            else if (message.type === 'store')
              answerStoreMessage(options.store, message).then(reply, (error: unknown) =>
                log.error({ daemon: name, error: describeError(error) }, 'store commands not answered'),
              );
          },
          onLogLine: (line) => options.onLogLine(name, line),
          onGivenUp: (message) => options.onGivenUp(name, message),
        }),
    );
  }

  /** Starts those that do not run yet. */
  start(): void {
    for (const daemon of this.#daemons) daemon.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.stop()));
  }

  wake(topics: readonly Topic[]): void {
    for (const daemon of this.#daemons) daemon.send({ type: 'wake', topics: [...topics] });
  }

  /** To one of them, when it runs. */
  send(name: string, message: HostToDaemon): void {
    this.#daemons.find((daemon) => daemon.name === name)?.send(message);
  }

  reports(): DaemonReport[] {
    return this.#daemons.map((daemon) => daemon.report());
  }
}
