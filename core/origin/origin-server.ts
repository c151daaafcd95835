import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { OriginAddress, OriginStatus } from '../contract/origin-protocol.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { ChannelStream } from './channel-stream.ts';
import { RtmpSession } from './rtmp-session.ts';

const LOOPBACK = '127.0.0.1';
const APP = 'live';
/** More connections than this are refused: the origin is for a handful of local players, and for one publisher. */
const MAX_CONNECTIONS = 64;

export interface OriginServerOptions {
  readonly channelId: string;
  readonly streamKey: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something in `status()` changed that a person would notice. */
  readonly onChange: () => void;
}

/** RTMP on loopback for one channel. */
export class OriginServer {
  readonly #options: OriginServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #stream: ChannelStream;
  readonly #startedAtMs: number;
  #port = 0;

  constructor(options: OriginServerOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.wallMs();
    this.#stream = new ChannelStream(options.clock, (join) =>
      options.logger.info({ join }, 'publisher on the time line'),
    );
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Listens on the wanted port when it is free, else on a free one. Returns the address in use. */
  async listen(wantedPort: number | null): Promise<OriginAddress> {
    try {
      await this.#listenOn(wantedPort ?? 0);
    } catch (error) {
      if (wantedPort === null || !isPortTaken(error)) throw error;
      this.#options.logger.warn({ wantedPort }, 'the RTMP port of the last run is taken: using another');
      await this.#listenOn(0);
    }
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the RTMP server has no port');
    this.#port = address.port;
    return { rtmpPort: this.#port, streamKey: this.#options.streamKey };
  }

  get publishUrl(): string {
    return `${this.playUrl}?key=${this.#options.streamKey}`;
  }

  get playUrl(): string {
    return `rtmp://${LOOPBACK}:${this.#port}/${APP}/${this.#options.channelId}`;
  }

  status(): OriginStatus {
    const stream = this.#stream;
    return {
      atMs: this.#options.clock.wallMs(),
      pid: process.pid,
      startedAtMs: this.#startedAtMs,
      channelId: this.#options.channelId,
      rtmpPort: this.#port,
      publishing: stream.publisherSinceMs !== null,
      publisherSinceMs: stream.publisherSinceMs,
      publishes: stream.publishes,
      continued: stream.continued,
      subscribers: stream.subscribers,
      bytesIn: stream.bytesIn,
      lastVideoAtMs: stream.lastVideoAtMs,
      lastAudioAtMs: stream.lastAudioAtMs,
      droppedGops: stream.droppedGops,
    };
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #listenOn(port: number): Promise<void> {
    this.#server.listen({ port, host: LOOPBACK });
    await once(this.#server, 'listening');
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const { channelId, streamKey, logger, onChange } = this.#options;
    new RtmpSession({ socket, stream: this.#stream, app: APP, channelId, streamKey, logger, onChange });
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}
