import { timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  BROADCASTER_PROTOCOL_VERSION,
  type BroadcasterCommand,
  type BroadcasterMessage,
  broadcasterRequestSchema,
} from '../contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { describeError, StudioError } from '../contract/errors.ts';
import { encodeJsonLine, JsonLineDecoder } from '../platform/json-lines.ts';
import type { Logger } from '../platform/logger.ts';

/** A host that does not read its status is not waited for. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export interface ControlServerOptions {
  readonly token: string;
  readonly log: Logger;
  readonly status: () => BroadcasterStatus;
  /** Resolves when the command has taken effect; throws a `StudioError`. */
  readonly run: (command: BroadcasterCommand) => Promise<void>;
}

/** The engine's end of the control socket (core/contract/broadcaster-protocol.ts). */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #server: Server;
  readonly #greeted = new Set<Socket>();
  readonly #sockets = new Set<Socket>();

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /**
   * Listens. A socket file that nobody answers on is a dead engine's and is replaced; throws CONFLICT when somebody does:
   * two engines on one data folder would both claim the air.
   */
  async listen(endpoint: string): Promise<void> {
    try {
      await this.#listenOn(endpoint);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      if (await isAnswered(endpoint))
        throw new StudioError('CONFLICT', 'another broadcaster is on air with this data folder', {
          detail: { endpoint },
        });
      rmSync(endpoint, { force: true });
      await this.#listenOn(endpoint);
    }
    if (process.platform !== 'win32') chmodSync(endpoint, 0o600);
  }

  /** Sends the status to every host. */
  pushStatus(): void {
    if (this.#greeted.size === 0) return;
    this.#push({ type: 'status', status: this.#options.status() });
  }

  /** Tells every host that the journal has new lines. */
  pushJournal(): void {
    this.#push({ type: 'journal' });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.end(() => socket.destroy());
    await closed;
  }

  #listenOn(endpoint: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(endpoint, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#options.log.error({ err: error }, 'control server'));
        resolve();
      });
    });
  }

  #serve(socket: Socket): void {
    const decoder = new JsonLineDecoder();
    this.#sockets.add(socket);
    socket.on('error', (error) => this.#options.log.debug({ err: error }, 'control connection'));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#greeted.delete(socket);
    });
    socket.on('data', (chunk) => {
      try {
        for (const line of decoder.push(chunk)) void this.#request(socket, line);
      } catch (error) {
        this.#options.log.warn({ reason: describeError(error) }, 'control connection does not speak the protocol');
        socket.destroy();
      }
    });
  }

  async #request(socket: Socket, line: unknown): Promise<void> {
    const parsed = broadcasterRequestSchema.safeParse(line);
    if (!parsed.success) {
      this.#options.log.warn({ reason: parsed.error.message }, 'request not understood');
      socket.destroy();
      return;
    }
    const { id, command } = parsed.data;
    try {
      if (command.name === 'hello') this.#greet(socket, command.token, command.version);
      else if (!this.#greeted.has(socket)) throw new StudioError('NOT_AUTHORISED', 'say hello with the token first');
      else await this.#options.run(command);
      this.#send(socket, { type: 'response', id, status: this.#options.status(), error: null });
    } catch (error) {
      const code = error instanceof StudioError ? error.code : 'INTERNAL';
      if (code === 'INTERNAL') this.#options.log.error({ err: error, command: command.name }, 'command failed');
      this.#send(socket, { type: 'response', id, status: null, error: { code, message: describeError(error) } });
    }
  }

  #greet(socket: Socket, token: string, version: number): void {
    const expected = Buffer.from(this.#options.token);
    const given = Buffer.from(token);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new StudioError('NOT_AUTHORISED', 'the token is wrong');
    if (version !== BROADCASTER_PROTOCOL_VERSION)
      throw new StudioError(
        'CONFLICT',
        `protocol ${version} is spoken to a broadcaster with ${BROADCASTER_PROTOCOL_VERSION}`,
      );
    this.#greeted.add(socket);
  }

  #push(message: BroadcasterMessage): void {
    for (const socket of this.#greeted) this.#send(socket, message);
  }

  #send(socket: Socket, message: BroadcasterMessage): void {
    if (socket.destroyed) return;
    if (socket.writableLength > MAX_BACKLOG_BYTES) socket.destroy();
    else socket.write(encodeJsonLine(message));
  }
}

function isAnswered(endpoint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(endpoint);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
