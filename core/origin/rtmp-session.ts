import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import Rtmp, { type ConnectRequest } from 'node-media-server/src/protocol/rtmp.js';
import { describeError } from '../contract/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { ChannelStream, Publisher } from './channel-stream.ts';
import { Subscriber } from './subscriber.ts';

/** First byte of every RTMP connection: the version (Adobe's RTMP specification 1.0, §5.2.2). */
const RTMP_VERSION = 3;
/** A connection that neither plays nor publishes by then is closed, ms. */
const SETTLE_DEADLINE_MS = 10_000;

/** Handshake and commands of an honest client are some 4 KB; more before it plays or publishes is no client. */
const MAX_BYTES_BEFORE_ROLE = 64 * 1024;

export interface RtmpSessionOptions {
  readonly socket: Socket;
  readonly stream: ChannelStream;
  /** `live`: first part of the path. */
  readonly app: string;
  readonly channelId: string;
  readonly streamKey: string;
  readonly logger: Logger;
  /** A publisher or player came or went. */
  readonly onChange: () => void;
}

/**
 * One RTMP connection. Anybody may play `/<app>/<channel>`; publishing to it needs `?key=<stream key>`. Everything else
 * is refused. The protocol itself is node-media-server's; what is allowed and where media goes is decided here.
 */
export class RtmpSession implements Publisher {
  readonly #options: RtmpSessionOptions;
  readonly #rtmp = new Rtmp();
  readonly #subscriber: Subscriber;
  #request: ConnectRequest | null = null;
  #role: 'publisher' | 'player' | null = null;
  #bytesBeforeRole = 0;

  constructor(options: RtmpSessionOptions) {
    this.#options = options;
    const { socket, stream, onChange } = options;
    this.#subscriber = new Subscriber(socket);
    this.#rtmp.onOutputCallback = (buffer) => socket.write(buffer);
    this.#rtmp.onConnectCallback = (request) => {
      this.#request = request;
    };
    this.#rtmp.onPlayCallback = () => this.#play();
    this.#rtmp.onPushCallback = () => this.#push();
    this.#rtmp.onPacketCallback = (packet) => stream.receive(this, packet);
    socket.setNoDelay(true);
    socket.setTimeout(SETTLE_DEADLINE_MS, () => this.#refuse('neither played nor published'));
    socket.on('data', (data) => this.#data(data));
    socket.on('error', (error) => options.logger.debug({ error: error.message }, 'RTMP connection broke'));
    socket.on('close', () => {
      const left = this.#role === 'publisher' ? stream.leave(this) : stream.unplay(this.#subscriber);
      if (!left) return;
      options.logger.info({ role: this.#role, stillPlaying: stream.subscribers }, 'RTMP connection closed');
      onChange();
    });
  }

  displace(): void {
    this.#options.logger.info('publisher replaced by a newer one');
    this.#options.socket.destroy();
  }

  #data(data: Buffer): void {
    if (this.#bytesBeforeRole === 0 && data[0] !== RTMP_VERSION) {
      this.#refuse('not RTMP');
      return;
    }
    if (this.#role === null) this.#bytesBeforeRole += data.length;
    if (this.#bytesBeforeRole > MAX_BYTES_BEFORE_ROLE) {
      this.#refuse('too much before a command');
      return;
    }
    if (this.#role === 'publisher') this.#options.stream.bytesIn += data.length;
    try {
      const error = this.#rtmp.parserData(data);
      if (error !== null) this.#refuse(error);
    } catch (error) {
      // The parser throws on what is not RTMP (a browser, a port scanner): that peer goes, the origin stays.
      this.#refuse(`not understood: ${describeError(error)}`);
    }
  }

  #play(): void {
    const { socket, stream, logger, onChange } = this.#options;
    if (this.#role !== null || !this.#isOurPath()) {
      this.#refuse('no such stream');
      return;
    }
    this.#role = 'player';
    socket.setTimeout(0);
    stream.play(this.#subscriber);
    logger.info({ players: stream.subscribers }, 'player connected');
    onChange();
  }

  #push(): void {
    const { socket, stream, logger, onChange } = this.#options;
    if (this.#role !== null || !this.#isOurPath() || !this.#hasKey()) {
      this.#refuse('publishing needs the path and the key of this channel');
      return;
    }
    this.#role = 'publisher';
    socket.setTimeout(0);
    stream.publish(this);
    logger.info({ publishes: stream.publishes }, 'publisher connected');
    onChange();
  }

  #isOurPath(): boolean {
    return this.#request?.app === this.#options.app && this.#request.name === this.#options.channelId;
  }

  #hasKey(): boolean {
    const given = Buffer.from(String(this.#request?.query['key'] ?? ''));
    const wanted = Buffer.from(this.#options.streamKey);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #refuse(reason: string): void {
    this.#options.logger.warn({ reason }, 'RTMP connection refused');
    this.#options.socket.destroy();
  }
}
