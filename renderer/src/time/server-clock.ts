const WINDOW = 20;
/** Below this the two clocks are taken as one: it is the way of the message, not a difference of clocks. */
const SAME_CLOCK_MS = 250;

/**
 * The studio's wall clock as seen from this page. Each status carries the host's time; the smallest difference of the
 * last twenty messages is the one with the least delay in it.
 */
export class ServerClock {
  #differences: number[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Notes a message stamped `serverMs` (Unix ms) that has just arrived. */
  note(serverMs: number): void {
    this.#differences.push(this.#now() - serverMs);
    if (this.#differences.length > WINDOW) this.#differences.shift();
  }

  /** How far this page's clock is ahead of the studio's, ms; 0 when they agree or nothing is known. */
  get skewMs(): number {
    if (this.#differences.length === 0) return 0;
    const least = Math.min(...this.#differences);
    return Math.abs(least) < SAME_CLOCK_MS ? 0 : least;
  }

  /** Studio time, Unix ms. */
  now(): number {
    return this.#now() - this.skewMs;
  }
}

export const studioClock = new ServerClock();
