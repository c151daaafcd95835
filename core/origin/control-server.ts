import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describeError, StudioError } from '../contract/errors.ts';
import {
  ORIGIN_PROTOCOL_VERSION,
  type OriginCommand,
  type OriginMessage,
  type OriginStatus,
  originRequestSchema,
} from '../contract/origin-protocol.ts';
import { encodeJsonLine, JsonLineDecoder } from '../platform/json-lines.ts';
import type { Logger } from '../platform/logger.ts';

export interface ControlServerOptions {
  /** Address from `localEndpoint`. */
  readonly endpoint: string;
  readonly token: string;
  readonly logger: Logger;
  readonly status: () => OriginStatus;
  /** Called once, after the answer to `stop` was written. */
  readonly onStop: () => void;
}

/** The origin's control socket: one response per request, `status` pushed on every change. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #greeted = new Set<Socket>();

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Throws `HOST_RUNNING` when another origin answers at this address; removes the socket of a dead one. */
  async listen(): Promise<void> {
    const { endpoint } = this.#options;
    if (await answers(endpoint))
      throw new StudioError('HOST_RUNNING', 'An RTMP origin is already running for this data folder.', {
        detail: { endpoint },
      });
    if (!endpoint.startsWith('\\\\')) await rm(endpoint, { force: true });
    this.#server.listen(endpoint);
    await once(this.#server, 'listening');
  }

  pushStatus(): void {
    if (this.#greeted.size === 0) return;
    const line = encodeJsonLine({ type: 'status', status: this.#options.status() } satisfies OriginMessage);
    for (const socket of this.#greeted) socket.write(line);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
  }

  #accept(socket: Socket): void {
    const decoder = new JsonLineDecoder();
    this.#sockets.add(socket);
    socket.on('error', (error) => this.#options.logger.debug({ error: error.message }, 'control connection broke'));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#greeted.delete(socket);
    });
    socket.on('data', (data) => {
      try {
        for (const line of decoder.push(data)) this.#answer(socket, line);
      } catch (error) {
        this.#options.logger.warn({ error: describeError(error) }, 'control connection does not speak our protocol');
        socket.destroy();
      }
    });
  }

  #answer(socket: Socket, line: unknown): void {
    const { id, command } = originRequestSchema.parse(line);
    const error = this.#refusal(socket, command);
    const status = error === null ? this.#options.status() : null;
    socket.write(encodeJsonLine({ type: 'response', id, status, error } satisfies OriginMessage));
    if (error !== null) socket.destroySoon();
    else if (command.name === 'stop') this.#options.onStop();
  }

  /** The error for this command, or null when it is allowed. */
  #refusal(socket: Socket, command: OriginCommand): { code: string; message: string } | null {
    if (command.name !== 'hello')
      return this.#greeted.has(socket) ? null : { code: 'NOT_AUTHORISED', message: 'Say hello with the token first.' };
    if (command.token !== this.#options.token) return { code: 'NOT_AUTHORISED', message: 'Wrong token.' };
    if (command.version !== ORIGIN_PROTOCOL_VERSION)
      return { code: 'CONFLICT', message: `This origin speaks version ${ORIGIN_PROTOCOL_VERSION}.` };
    this.#greeted.add(socket);
    return null;
  }
}

/** Does somebody accept connections there? */
async function answers(endpoint: string): Promise<boolean> {
  const socket = connect(endpoint);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // nobody listens (ECONNREFUSED), or there is no such socket (ENOENT)
  } finally {
    socket.destroy();
  }
}
