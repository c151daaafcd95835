import type { JobProgress } from '../contract/daemon-messages.ts';
import type { Clock } from '../platform/clock.ts';

/** Shortest time between two reports, ms. */
const REPORT_EVERY_MS = 250;

/** Collects the progress of all running jobs and reports it at most four times a second; ends are reported as well. */
export class ProgressBoard implements Disposable {
  readonly #jobs = new Map<string, JobProgress>();
  readonly #report: (jobs: JobProgress[]) => void;
  readonly #clock: Clock;
  #lastMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (jobs: JobProgress[]) => void, clock: Clock) {
    this.#report = report;
    this.#clock = clock;
  }

  set(progress: JobProgress): void {
    this.#jobs.set(progress.jobId, progress);
    this.#schedule();
  }

  end(jobId: string): void {
    if (this.#jobs.delete(jobId)) this.#schedule();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#lastMs + REPORT_EVERY_MS - this.#clock.monotonicMs());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#lastMs = this.#clock.monotonicMs();
      this.#report([...this.#jobs.values()]);
    }, waitMs);
  }
}
