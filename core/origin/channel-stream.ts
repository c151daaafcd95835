import Rtmp, { type AvPacket } from 'node-media-server/src/protocol/rtmp.js';
import type { Clock } from '../platform/clock.ts';
import { type Join, PublishTimeline } from './publish-timeline.ts';
import type { Subscriber } from './subscriber.ts';

/** What publishes into a stream. */
export interface Publisher {
  /** Ends the connection at once; `ChannelStream.leave` follows or is not needed any more. */
  displace(): void;
}

/** A GOP of more messages or bytes than this is not kept: new players then wait for the next keyframe. */
const LARGEST_GOP_MESSAGES = 4096;
const LARGEST_GOP_BYTES = 32 * 1024 * 1024;
/** A GOP older than this is no start for a new player. */
const STALE_GOP_MS = 10_000;

const AUDIO_HEADER = 0;
const AUDIO = 1;
const VIDEO_HEADER = 2;
const KEYFRAME = 3;
const VIDEO = 4;
const METADATA = 5;

/** One channel inside the origin: at most one publisher, any number of players, one time line that never breaks. */
export class ChannelStream {
  readonly #clock: Clock;
  readonly #onJoin: (join: Join) => void;
  readonly #subscribers = new Set<Subscriber>();
  readonly #timeline = new PublishTimeline();
  /** Newest metadata, audio header and video header: what a player needs before the first frame. */
  readonly #headers = new Map<number, { payload: Buffer; message: Buffer }>();
  #gop: Buffer[] | null = null;
  #gopBytes = 0;
  #publisher: Publisher | null = null;
  #publisherSinceMs: number | null = null;
  publishes = 0;
  continued = 0;
  bytesIn = 0;
  droppedGops = 0;
  lastVideoAtMs: number | null = null;
  lastAudioAtMs: number | null = null;

  constructor(clock: Clock, onJoin: (join: Join) => void) {
    this.#clock = clock;
    this.#onJoin = onJoin;
  }

  get publisherSinceMs(): number | null {
    return this.#publisherSinceMs;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  /**
   * The newest publisher wins: whoever holds the key may take over from a connection that is dead, hung or about to be
   * recycled, without waiting for it to end.
   */
  publish(publisher: Publisher): void {
    const before = this.#publisher;
    this.#publisher = publisher;
    this.#publisherSinceMs = this.#clock.wallMs();
    this.publishes += 1;
    this.#timeline.begin();
    before?.displace();
  }

  /** The publisher's connection ended. Players stay and wait. */
  leave(publisher: Publisher): boolean {
    if (this.#publisher !== publisher) return false;
    this.#publisher = null;
    this.#publisherSinceMs = null;
    return true;
  }

  play(subscriber: Subscriber): void {
    for (const flag of [METADATA, AUDIO_HEADER, VIDEO_HEADER]) {
      const header = this.#headers.get(flag);
      if (header) subscriber.sendHeader(header.message);
    }
    const fresh = this.lastVideoAtMs !== null && this.#clock.wallMs() - this.lastVideoAtMs < STALE_GOP_MS;
    if (this.#gop && fresh) for (const [index, message] of this.#gop.entries()) subscriber.send(message, index === 0);
    this.#subscribers.add(subscriber);
  }

  unplay(subscriber: Subscriber): boolean {
    return this.#subscribers.delete(subscriber);
  }

  /** Takes one message of the publisher; messages of anybody else are ignored. */
  receive(publisher: Publisher, packet: AvPacket): void {
    if (publisher !== this.#publisher || packet.size === 0) return;
    const payload = packet.data.subarray(0, packet.size);
    if (packet.flags === AUDIO_HEADER || packet.flags === VIDEO_HEADER || packet.flags === METADATA)
      this.#header(packet, payload);
    else if (packet.flags === AUDIO || packet.flags === KEYFRAME || packet.flags === VIDEO)
      this.#frame(packet, payload);
  }

  #header(packet: AvPacket, payload: Buffer): void {
    if (this.#headers.get(packet.flags)?.payload.equals(payload)) return;
    const message = Rtmp.createMessage(packet);
    this.#headers.set(packet.flags, { payload: Buffer.from(payload), message });
    for (const subscriber of this.#subscribers) subscriber.sendHeader(message);
  }

  #frame(packet: AvPacket, payload: Buffer): void {
    const keyframe = packet.flags === KEYFRAME;
    const now = this.#clock.wallMs();
    if (packet.flags === AUDIO) this.lastAudioAtMs = now;
    else this.lastVideoAtMs = now;
    const kind = packet.flags === AUDIO ? 'audio' : 'video';
    const { out, join } = this.#timeline.map({ kind, keyframe, dts: packet.dts, payload });
    if (join !== null) this.#joined(join);
    if (out === null) return;
    // RTMP time stamps are 32 bits wide: they wrap after 49.7 days, and players unwrap them.
    const message = Rtmp.createMessage({ ...packet, dts: out % 2 ** 32, data: payload });
    this.#remember(message, keyframe);
    for (const subscriber of this.#subscribers) {
      if (subscriber.send(message, keyframe) === 'dropped' && keyframe) this.droppedGops += 1;
    }
  }

  #joined(join: Join): void {
    if (join === 'continued') this.continued += 1;
    this.#onJoin(join);
  }

  #remember(message: Buffer, keyframe: boolean): void {
    if (keyframe) {
      this.#gop = [];
      this.#gopBytes = 0;
    }
    if (!this.#gop) return;
    this.#gop.push(message);
    this.#gopBytes += message.length;
    if (this.#gop.length > LARGEST_GOP_MESSAGES || this.#gopBytes > LARGEST_GOP_BYTES) this.#gop = null;
  }
}
