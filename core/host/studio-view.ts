import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { Channel, LiveEvent, Pipeline } from '../contract/control-api.ts';
import type { JobProgress, Topic } from '../contract/daemon-messages.ts';
import { type DestinationStatus, maskUrl } from '../contract/destination.ts';
import type { TimelineItem } from '../contract/queue.ts';
import type { WatchdogStatus } from '../contract/watchdog.ts';
import type { Clock } from '../platform/clock.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { type LivePart, LiveParts } from './live-parts.ts';
import { timeline } from './timeline.ts';

export interface StudioViewSources {
  readonly channelId: string;
  readonly reader: StudioReader;
  readonly clock: Clock;
  /** The channel as it is now; known to the host alone (air state, addresses). */
  channel(): Channel;
  machine(): Omit<Pipeline['machine'], 'diskFull'>;
  /** The watchdog's last word. */
  watchdog(): WatchdogStatus | null;
  onError(error: unknown): void;
}

const LIVE_QUEUE_ITEMS = 500;
const REFRESH_MS = 60;

/** Which parts of the page a stored change touches. */
const TOUCHES: Readonly<Record<Topic, readonly LivePart[]>> = {
  channel: ['channel', 'queue'],
  library: ['channel'],
  plans: ['pipeline'],
  assets: ['pipeline', 'queue'],
  queue: ['queue', 'pipeline'],
  transitions: ['queue'],
  destinations: ['destinations'],
  as_run: ['asRun'],
  decisions: ['decisions'],
  incidents: ['incidents', 'pipeline'],
  alerts: [],
  settings: ['channel'],
  jobs: [],
};
const PARTS: readonly LivePart[] = [
  'channel',
  'status',
  'queue',
  'pipeline',
  'destinations',
  'asRun',
  'incidents',
  'decisions',
  'watchdog',
];

/** The read model of the control room: what the page shows, computed from the store and the broadcaster's last word. */
export class StudioView {
  readonly parts: LiveParts;
  readonly #sources: StudioViewSources;
  readonly #dirty = new Set<LivePart>(PARTS);
  #timer: NodeJS.Timeout | undefined;
  #status: BroadcasterStatus | null = null;
  #progress = new Map<string, readonly JobProgress[]>();

  constructor(sources: StudioViewSources) {
    this.#sources = sources;
    this.parts = new LiveParts(sources.clock);
  }

  get status(): BroadcasterStatus | null {
    return this.#status;
  }

  /** A snapshot and then every change, for one connection. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<LiveEvent, void, void> {
    this.#refresh();
    return this.parts.follow(signal);
  }

  touch(...parts: LivePart[]): void {
    for (const part of parts) this.#dirty.add(part);
    if (this.#timer || this.parts.followers === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#refresh();
    }, REFRESH_MS);
    this.#timer.unref();
  }

  stored(topics: readonly Topic[]): void {
    const parts = topics.flatMap((topic) => TOUCHES[topic]);
    if (parts.length > 0) this.touch(...parts);
  }

  setStatus(status: BroadcasterStatus | null): void {
    const before = this.#status;
    this.#status = status;
    this.touch('status', 'destinations');
    if (!before || !status || before.mode !== status.mode) this.touch('channel');
    if (timesMoved(before, status)) this.touch('queue');
  }

  setProgress(daemon: string, jobs: readonly JobProgress[]): void {
    this.#progress.set(daemon, jobs);
    this.touch('pipeline');
  }

  queue(limit: number): { items: TimelineItem[]; total: number } {
    const { reader, channelId, clock } = this.#sources;
    const channel = this.#sources.channel();
    const items = timeline({
      entries: reader.queue(channelId, limit),
      profile: channel.profile,
      status: this.#status,
      nowMs: clock.wallMs(),
      transition: (from, to) => reader.transition(from, to, channel.profileId)?.state ?? null,
    });
    return { items, total: reader.queueLength(channelId) };
  }

  pipeline(): Pipeline {
    const { reader, channelId } = this.#sources;
    return {
      counts: reader.planCounts(channelId),
      readyMs: reader.bufferMs(channelId),
      jobs: [...this.#progress.values()].flat(),
      troubled: reader.plans({ channelId, states: ['rejected', 'failed'], limit: 50 }),
      machine: {
        ...this.#sources.machine(),
        diskFull: reader.openIncidents(channelId).some((incident) => incident.code === 'disk_full'),
      },
    };
  }

  /** What the broadcaster says of each; what is only stored when it says nothing. */
  destinations(): DestinationStatus[] {
    const { reader, channelId } = this.#sources;
    const told = new Map(this.#status?.destinations.map((destination) => [destination.id, destination]));
    return reader.destinations(channelId).map(
      ({ id, name, url, enabled, builtIn, createdAtMs }): DestinationStatus =>
        told.get(id) ?? {
          id,
          name,
          maskedUrl: maskUrl(url),
          builtIn,
          state: enabled ? 'connecting' : 'disabled',
          sinceMs: createdAtMs,
          bitrateKbps: null,
          reconnects: 0,
          droppedGops: 0,
          retryAtMs: null,
          lastError: null,
        },
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #refresh(): void {
    for (const part of this.#dirty) {
      this.#dirty.delete(part);
      try {
        this.parts.put(this.#event(part));
      } catch (error) {
        this.#sources.onError(error);
      }
    }
  }

  #event(part: LivePart): LiveEvent {
    const { reader, channelId } = this.#sources;
    switch (part) {
      case 'channel':
        return { type: part, channel: this.#sources.channel() };
      case 'status':
        return { type: part, status: this.#status };
      case 'queue':
        return { type: part, ...this.queue(LIVE_QUEUE_ITEMS) };
      case 'pipeline':
        return { type: part, pipeline: this.pipeline() };
      case 'destinations':
        return { type: part, destinations: this.destinations() };
      case 'asRun':
        return { type: part, rows: reader.asRun(channelId, 50) };
      case 'incidents':
        return { type: part, incidents: reader.openIncidents(channelId) };
      case 'watchdog':
        return { type: part, watchdog: this.#sources.watchdog() };
      case 'decisions':
        return {
          type: part,
          decisions: reader.decisions(channelId, 50).map(({ id, kind, reason, inputs, atMs }) => ({
            id,
            kind,
            reason,
            assetId: assetOf(inputs),
            atMs,
          })),
        };
    }
  }
}

function assetOf(inputs: unknown): string | null {
  if (typeof inputs !== 'object' || inputs === null || !('assetId' in inputs)) return null;
  return typeof inputs.assetId === 'string' ? inputs.assetId : null;
}

/** True when the expected times of the queue are no longer those that were told. */
function timesMoved(before: BroadcasterStatus | null, after: BroadcasterStatus | null): boolean {
  if (!before || !after) return before !== after;
  if (before.program?.asRunId !== after.program?.asRunId || before.next?.queueItemId !== after.next?.queueItemId)
    return true;
  if (before.next?.locked !== after.next?.locked || before.hold !== after.hold) return true;
  const moved = (after.program?.endsAtMs ?? 0) - (before.program?.endsAtMs ?? 0);
  return Math.abs(moved) > 400;
}
