import { describeError, StudioError } from '../contract/errors.ts';
import type { Job, StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

export interface JobLeaseOptions {
  job: Job;
  owner: string;
  store: StoreClient;
  clock: Clock;
  logger: Logger;
}

/** Length of a fresh lease, ms: what `job.claim` is to ask for. */
export const JOB_LEASE_MS = LEASE_MS;

/**
 * Our hold on a claimed job. Renews itself every ten seconds; `signal` is aborted when the lease is lost to somebody
 * else. Dispose of it when the job is over.
 */
export class JobLease implements Disposable {
  readonly job: Job;
  readonly #options: JobLeaseOptions;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #step: string;
  #checkpoint: unknown;

  constructor(options: JobLeaseOptions) {
    this.#options = options;
    this.job = options.job;
    this.#step = options.job.step ?? 'start';
    this.#checkpoint = options.job.checkpoint;
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Stores the result of a finished step. Rejects with `CONFLICT` when the lease is lost. */
  async save(step: string, checkpoint: unknown): Promise<void> {
    this.#step = step;
    this.#checkpoint = checkpoint;
    const { store, owner, clock } = this.#options;
    const atMs = clock.wallMs();
    await store.run('job.checkpoint', { jobId: this.job.id, owner, leaseMs: LEASE_MS, step, checkpoint, atMs });
  }

  async finish(): Promise<void> {
    const { store, owner, clock } = this.#options;
    this[Symbol.dispose]();
    await store.run('job.finish', { jobId: this.job.id, owner, atMs: clock.wallMs() });
  }

  /** `retryInMs` null: failed for good. */
  async fail(error: string, retryInMs: number | null): Promise<void> {
    const { store, owner, clock } = this.#options;
    this[Symbol.dispose]();
    const atMs = clock.wallMs();
    const retryAtMs = retryInMs === null ? null : atMs + retryInMs;
    await store.run('job.fail', { jobId: this.job.id, owner, error, retryAtMs, atMs });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    try {
      await this.save(this.#step, this.#checkpoint);
    } catch (error) {
      const { logger } = this.#options;
      logger.warn({ job: this.job.id, reason: describeError(error) }, 'could not renew the lease of a job');
      if (error instanceof StudioError && error.code === 'CONFLICT') this.#lost.abort(error);
    }
  }
}
