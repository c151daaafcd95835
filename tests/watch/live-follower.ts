import { type StudioClient, withStudio } from '../../cli/studio-connection.ts';
import type { LiveEvent } from '../../core/contract/control-api.ts';

type Part<T extends LiveEvent['type']> = Extract<LiveEvent, { type: T }>;

/** One open connection to a studio: the newest value of every part of the live stream, and waiting for what it shall become. */
export class LiveFollower implements AsyncDisposable {
  readonly client: StudioClient;
  readonly #end: () => void;
  readonly #ended: Promise<void>;
  readonly #latest = new Map<string, LiveEvent>();
  readonly #waiting = new Set<() => void>();

  private constructor(client: StudioClient, end: () => void, ended: Promise<void>) {
    this.client = client;
    this.#end = end;
    this.#ended = ended;
  }

  static async open(dataDir: string): Promise<LiveFollower> {
    const opened = Promise.withResolvers<LiveFollower>();
    const closed = Promise.withResolvers<void>();
    const ended = withStudio(dataDir, async (client) => {
      const follower = new LiveFollower(client, closed.resolve, ended);
      opened.resolve(follower);
      await Promise.race([follower.#follow(), closed.promise]);
    });
    ended.catch(opened.reject);
    return opened.promise;
  }

  /** Resolves with the first value of a part, from now on or already there, for which `pick` gives something. */
  async until<T extends LiveEvent['type'], R>(
    part: T,
    pick: (event: Part<T>) => R | null | undefined | false,
    deadlineMs: number,
    what: string,
  ): Promise<R> {
    const lastMs = performance.now() + deadlineMs;
    for (;;) {
      const event = this.#latest.get(part);
      const picked = event && isPart(event, part) ? pick(event) : null;
      if (picked !== null && picked !== undefined && picked !== false) return picked;
      const leftMs = lastMs - performance.now();
      if (leftMs <= 0) throw new Error(`${what} after ${deadlineMs} ms; last: ${JSON.stringify(event)}`);
      await this.#change(leftMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#ended;
  }

  async #follow(): Promise<void> {
    for await (const event of await this.client.channel.live()) {
      this.#latest.set(event.type, event);
      for (const wake of this.#waiting) wake();
    }
  }

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#waiting.add(done);
    });
  }
}

function isPart<T extends LiveEvent['type']>(event: LiveEvent, part: T): event is Part<T> {
  return event.type === part;
}
