import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { controlContract, LiveEvent } from '../../../core/contract/control-api.ts';
import { backoffMs } from './backoff.ts';

export type StudioClient = ContractRouterClient<typeof controlContract>;

export type LinkState =
  | { phase: 'connecting' }
  | { phase: 'connected' }
  /** `attempt` grows with every try that failed; `retryAtMs` is Unix time. */
  | { phase: 'lost'; attempt: number; sinceMs: number; retryAtMs: number };

export interface StudioLinkOptions {
  url: string;
  onState(state: LinkState): void;
  onEvent(event: LiveEvent): void;
  /** Jitter of the pauses; default `Math.random`. */
  random?: () => number;
  /** After this long without an event the host is asked whether it is still there, ms. */
  silenceMs?: number;
}

const DEFAULT_SILENCE_MS = 6000;
const ANSWER_DEADLINE_MS = 4000;

/**
 * The page's only connection to the host: one WebSocket with the control API on it and the live stream read from it.
 * Comes back by itself after any loss; every connection starts with a whole snapshot, so nothing is carried over.
 */
export class StudioLink {
  readonly #options: StudioLinkOptions;
  #socket: WebSocket | null = null;
  #client: StudioClient | null = null;
  #attempt = 0;
  #lostSinceMs = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: StudioLinkOptions) {
    this.#options = options;
  }

  /** The client of the open connection; null while there is none. */
  get client(): StudioClient | null {
    return this.#client;
  }

  start(): void {
    this.#stopped = false;
    this.#options.onState({ phase: 'connecting' });
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    this.#socket?.close();
    this.#socket = null;
    this.#client = null;
  }

  /** Tries again at once instead of waiting for the pause to end. */
  retryNow(): void {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#retryTimer);
    this.#open();
  }

  #open(): void {
    const socket = new WebSocket(this.#options.url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const link = new RPCLink({ websocket: socket });
    const client: StudioClient = createORPCClient(link);
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return;
      this.#client = client;
      this.#listenForSilence(socket, client);
      void this.#readLive(socket, client);
    });
    socket.addEventListener('close', () => this.#lose(socket));
  }

  async #readLive(socket: WebSocket, client: StudioClient): Promise<void> {
    try {
      const events = await client.channel.live();
      let found = false;
      for await (const event of events) {
        if (this.#socket !== socket) return;
        if (!found) this.#found();
        found = true;
        this.#listenForSilence(socket, client);
        this.#options.onEvent(event);
      }
    } catch {
      // The reason is told by the state that follows: the stream broke, so the connection is given up and made anew.
    }
    if (this.#socket === socket) this.#giveUp(socket);
  }

  #found(): void {
    this.#attempt = 0;
    this.#lostSinceMs = 0;
    this.#options.onState({ phase: 'connected' });
  }

  /** A half-open connection gives no close event: when nothing came for a while the host must answer a question. */
  #listenForSilence(socket: WebSocket, client: StudioClient): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => {
      const deadline = setTimeout(() => this.#giveUp(socket), ANSWER_DEADLINE_MS);
      client.channel.status().then(
        () => {
          clearTimeout(deadline);
          if (this.#socket === socket) this.#listenForSilence(socket, client);
        },
        () => {
          clearTimeout(deadline);
          this.#giveUp(socket);
        },
      );
    }, this.#options.silenceMs ?? DEFAULT_SILENCE_MS);
  }

  #giveUp(socket: WebSocket): void {
    socket.close();
    this.#lose(socket);
  }

  #lose(socket: WebSocket): void {
    if (this.#socket !== socket || this.#stopped) return;
    this.#socket = null;
    this.#client = null;
    clearTimeout(this.#silenceTimer);
    const now = Date.now();
    if (this.#lostSinceMs === 0) this.#lostSinceMs = now;
    const pause = backoffMs(this.#attempt, this.#options.random ?? Math.random);
    this.#attempt += 1;
    this.#options.onState({
      phase: 'lost',
      attempt: this.#attempt,
      sinceMs: this.#lostSinceMs,
      retryAtMs: now + pause,
    });
    this.#retryTimer = setTimeout(() => this.#open(), pause);
  }
}
