import { connect, type Socket } from 'node:net';
import { ERRORS, type ErrorCode, StudioError } from '../contract/errors.ts';
import { encodeJsonLine, JsonLineDecoder } from './json-lines.ts';

/** What a detached daemon sends; the broadcaster's and the origin's messages both have this shape. */
export type LinkMessage<Status> =
  | {
      type: 'response';
      id: number;
      status: Status | null;
      error: { code: string; message: string } | null;
    }
  | { type: 'status'; status: Status }
  | { type: 'journal' };

export interface LinkProtocol<Status> {
  readonly name: string;
  readonly version: number;
  /** Throws when the message is not of this protocol. */
  parse(raw: unknown): LinkMessage<Status>;
}

export interface LinkTarget {
  readonly endpoint: string;
  readonly token: string;
}

export interface LinkListener<Status> {
  onStatus(status: Status): void;
  onJournal?(): void;
}

const REQUEST_DEADLINE_MS = 5_000;

const isErrorCode = (code: string): code is ErrorCode => code in ERRORS;

/** The asking end of the control socket of a detached daemon: the host's, and the watchdog's own. */
export class ControlLink<Status> {
  /** Resolves when the connection ended, from whichever side and for whatever reason. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #name: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<Status>>();
  #nextId = 1;

  private constructor(socket: Socket, protocol: LinkProtocol<Status>, listener: LinkListener<Status>) {
    this.#socket = socket;
    this.#name = protocol.name;
    const decoder = new JsonLineDecoder();
    socket.on('data', (chunk) => {
      try {
        for (const raw of decoder.push(chunk)) this.#take(protocol.parse(raw), listener);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.closed = new Promise((resolve) => {
      let reason = 'the connection ended';
      socket.on('error', (error) => {
        reason = error.message;
      });
      socket.once('close', () => {
        for (const waiting of this.#waiting.values()) waiting.reject(this.#unreachable(reason));
        this.#waiting.clear();
        resolve();
      });
    });
  }

  /** Connects and says hello. Throws `BROADCASTER_UNREACHABLE` when nobody listens, answers or accepts the token. */
  static async open<Status>(
    target: LinkTarget,
    protocol: LinkProtocol<Status>,
    listener: LinkListener<Status>,
    deadlineMs = 2_000,
  ): Promise<{ link: ControlLink<Status>; status: Status }> {
    const socket = connect(target.endpoint);
    const link = new ControlLink(socket, protocol, listener);
    try {
      const hello = { name: 'hello', token: target.token, version: protocol.version };
      return { link, status: await link.request(hello, deadlineMs) };
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /**
   * Sends a command and waits until it took effect. Throws the peer's own error, `BROADCASTER_UNREACHABLE` when the
   * connection ends first, or `DEADLINE`.
   */
  async request(command: { name: string }, deadlineMs = REQUEST_DEADLINE_MS): Promise<Status> {
    if (this.#socket.destroyed) throw this.#unreachable('the connection ended');
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<Status>();
    this.#waiting.set(id, waiting);
    const timer = setTimeout(
      () => waiting.reject(new StudioError('DEADLINE', `the ${this.#name} did not answer ${command.name} in time`)),
      deadlineMs,
    );
    this.#socket.write(encodeJsonLine({ id, command }));
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #unreachable(reason: string): StudioError {
    return new StudioError('BROADCASTER_UNREACHABLE', `the ${this.#name} does not answer: ${reason}`);
  }

  #take(message: LinkMessage<Status>, listener: LinkListener<Status>): void {
    if (message.type === 'journal') listener.onJournal?.();
    else if (message.type === 'status') listener.onStatus(message.status);
    else {
      if (message.status) listener.onStatus(message.status);
      const waiting = this.#waiting.get(message.id);
      if (message.status) waiting?.resolve(message.status);
      else {
        const { code, message: text } = message.error ?? { code: 'INTERNAL', message: 'no status and no error' };
        waiting?.reject(new StudioError(isErrorCode(code) ? code : 'INTERNAL', text));
      }
    }
  }
}
