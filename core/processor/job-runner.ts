import { describeError, StudioError } from '../contract/errors.ts';
import type { Job, StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { JOB_LEASE_MS, JobLease } from './job-lease.ts';

export interface JobRunnerOptions {
  owner: string;
  store: StoreClient;
  clock: Clock;
  logger: Logger;
  /** Aborted when everything stops; running jobs are released then. */
  signal: AbortSignal;
  /** How many jobs of a kind may run now; 0 pauses it. Asked before each claim. */
  slots: (kind: Job['kind']) => number;
  /** Runs one job to its end: finishes or fails the lease. A throw means the queue itself is in trouble. */
  run: (lease: JobLease) => Promise<void>;
}

/** An interrupted job (full disk, store restarting) comes back after this. */
const INTERRUPTED_RETRY_MS = 10_000;

const KINDS = ['transition', 'prepare'] as const;

/** Claims due jobs and runs them, each kind within its own slots, so that a crossfade never waits for a long encode. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #running = new Map<string, { kind: Job['kind']; done: Promise<void> }>();
  #claiming = false;
  #again = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Looks for due jobs; call it whenever one may have become due. */
  async wake(): Promise<void> {
    this.#again = true;
    if (this.#claiming) return;
    this.#claiming = true;
    try {
      while (this.#again) {
        this.#again = false;
        for (const kind of KINDS) await this.#fill(kind);
      }
    } catch (error) {
      // The store may be restarting: the next wake tries again.
      if (!this.#options.signal.aborted)
        this.#options.logger.warn({ reason: describeError(error) }, 'could not claim a job');
    } finally {
      this.#claiming = false;
    }
  }

  /** Waits for the running jobs and lets go of every lease. */
  async stop(): Promise<void> {
    const { store, owner, clock } = this.#options;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await store.run('job.releaseOwner', { owner, atMs: clock.wallMs() });
  }

  async #fill(kind: Job['kind']): Promise<void> {
    const { store, owner, clock, signal } = this.#options;
    const running = () => [...this.#running.values()].filter((each) => each.kind === kind).length;
    while (!signal.aborted && running() < this.#options.slots(kind)) {
      const job = await store.run('job.claim', { owner, kinds: [kind], leaseMs: JOB_LEASE_MS, atMs: clock.wallMs() });
      if (!job) return;
      this.#start(job);
    }
  }

  #start(job: Job): void {
    const done = this.#run(job).finally(() => {
      this.#running.delete(job.id);
      if (!this.#options.signal.aborted) void this.wake();
    });
    this.#running.set(job.id, { kind: job.kind, done });
  }

  async #run(job: Job): Promise<void> {
    const { owner, store, clock, logger, signal } = this.#options;
    using lease = new JobLease({ job, owner, store, clock, logger });
    try {
      await this.#options.run(lease);
    } catch (error) {
      if (signal.aborted) return;
      const lost = error instanceof StudioError && error.code === 'CONFLICT';
      logger.warn({ err: error, job: job.id }, lost ? 'the lease of a job was lost' : 'a job was interrupted');
      if (!lost)
        await lease
          .fail(describeError(error), INTERRUPTED_RETRY_MS)
          .catch((cause: unknown) =>
            logger.warn({ err: cause, job: job.id }, 'an interrupted job waits for its lease to end'),
          );
    }
  }
}
