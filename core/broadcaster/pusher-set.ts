import { type Destination, type DestinationStatus, maskUrl } from '../contract/destination.ts';
import { StudioError } from '../contract/errors.ts';
import type { OutputChunk } from './output-chunk.ts';
import type { Pusher } from './pusher.ts';
import type { Sink } from './sink.ts';

/** One pusher for each enabled destination, kept as the database says. */
export class PusherSet implements Sink {
  readonly #create: (destination: Destination) => Pusher;
  readonly #nowMs: () => number;
  readonly #pushers = new Map<string, Pusher>();
  #disabled: DestinationStatus[] = [];

  constructor(create: (destination: Destination) => Pusher, nowMs: () => number) {
    this.#create = create;
    this.#nowMs = nowMs;
  }

  /** Starts, ends and replaces pushers so that they are those of the list. */
  update(destinations: readonly Destination[]): void {
    const wanted = new Map(destinations.filter(({ enabled }) => enabled).map((entry) => [entry.id, entry]));
    for (const [id, pusher] of this.#pushers) {
      const destination = wanted.get(id);
      if (destination && destination.url === pusher.destination.url && destination.name === pusher.destination.name)
        continue;
      void pusher.end();
      this.#pushers.delete(id);
    }
    for (const [id, destination] of wanted)
      if (!this.#pushers.has(id)) this.#pushers.set(id, this.#create(destination));
    this.#disabled = destinations.filter(({ enabled }) => !enabled).map((entry) => this.#disabledStatus(entry));
  }

  write(chunk: OutputChunk): boolean {
    let held = false;
    for (const pusher of this.#pushers.values()) held = pusher.write(chunk) || held;
    return held;
  }

  check(): void {
    for (const pusher of this.#pushers.values()) pusher.check();
  }

  reconnect(destinationId: string): void {
    const pusher = this.#pushers.get(destinationId);
    if (!pusher) throw new StudioError('NOT_FOUND', `destination ${destinationId} is not there or is disabled`);
    pusher.reconnect();
  }

  async end(): Promise<void> {
    const pushers = [...this.#pushers.values()];
    this.#pushers.clear();
    await Promise.all(pushers.map((pusher) => pusher.end()));
  }

  statuses(): DestinationStatus[] {
    return [...[...this.#pushers.values()].map((pusher) => pusher.status()), ...this.#disabled];
  }

  #disabledStatus({ id, name, url, builtIn }: Destination): DestinationStatus {
    return {
      ...{ id, name, maskedUrl: maskUrl(url), builtIn, state: 'disabled', sinceMs: this.#nowMs() },
      ...{ bitrateKbps: null, reconnects: 0, droppedGops: 0, retryAtMs: null, lastError: null },
    };
  }
}
