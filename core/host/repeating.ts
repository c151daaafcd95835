import { describeError } from '../contract/errors.ts';
import type { Logger } from '../platform/logger.ts';

/** Small recurring duties; one that fails is logged and tried again the next time. */
export class Repeating implements Disposable {
  readonly #log: Logger;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  every(ms: number, duty: () => Promise<void>): void {
    const timer = setInterval(() => {
      duty().catch((error: unknown) => this.#log.error({ error: describeError(error) }, 'housekeeping failed'));
    }, ms);
    timer.unref();
    this.#timers.push(timer);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
