import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { describeError } from '../../contract/errors.ts';
import type { ApiContext } from './procedures.ts';
import { controlRouter } from './router.ts';

const PING_MS = 15_000;
const FAREWELL_MS = 500;
const LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;

/** The control API on WebSockets. Who may connect is decided before {@link accept} is called. */
export class ApiSocket {
  readonly #context: ApiContext;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  readonly #handler: RPCHandler<ApiContext>;
  readonly #pings: NodeJS.Timeout;
  readonly #answered = new WeakSet<WebSocket>();

  constructor(context: ApiContext) {
    this.#context = context;
    this.#handler = new RPCHandler(controlRouter);
    this.#pings = setInterval(() => this.#ping(), PING_MS);
    this.#pings.unref();
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#answered.add(client);
      client.on('pong', () => this.#answered.add(client));
      client.on('error', (error) => this.#context.log.debug({ error: error.message }, 'control connection failed'));
      // Sending resolves when the bytes left for the socket: a slow client holds up its own live stream, nobody else's.
      const paced = {
        addEventListener: client.addEventListener.bind(client),
        send: (data: string | Uint8Array): Promise<void> =>
          new Promise((resolve, reject) => {
            if (client.readyState !== client.OPEN) return resolve();
            client.send(data, (error) => (error ? reject(error) : resolve()));
          }),
      };
      this.#handler.upgrade(paced, { context: this.#context }).catch((error: unknown) => {
        this.#context.log.error({ error: describeError(error) }, 'control connection not set up');
        client.terminate();
      });
    });
  }

  close(): void {
    clearInterval(this.#pings);
    for (const client of this.#server.clients) {
      client.close(1001, 'the host stops');
      // A browser that sleeps does not answer the farewell.
      setTimeout(() => client.terminate(), FAREWELL_MS).unref();
    }
    this.#server.close();
  }

  /** Ends what did not answer the last ping: a laptop that went to sleep sends no close. */
  #ping(): void {
    for (const client of this.#server.clients) {
      if (!this.#answered.delete(client)) client.terminate();
      else client.ping();
    }
  }
}
