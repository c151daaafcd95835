import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from '../platform/logger.ts';
import { createServer } from '../platform/node-http.ts';
import { FanOutClient } from './fan-out-client.ts';
import type { GopCache } from './gop-cache.ts';
import type { OutputChunk } from './output-chunk.ts';
import type { Sink } from './sink.ts';

/** More receivers than these are refused: each costs the engine CPU time, and the engine has one duty before all others. */
const MAX_CLIENTS = 64;

/** Serves the channel's transport stream on loopback: `GET /program.ts?token=…`, and `/healthz` without a token. */
export class FanOut implements Sink {
  readonly #token: Buffer;
  readonly #cache: GopCache;
  readonly #log: Logger;
  readonly #server: Server;
  readonly #clients = new Map<ServerResponse, FanOutClient>();

  constructor(token: string, cache: GopCache, log: Logger) {
    this.#token = Buffer.from(token);
    this.#cache = cache;
    this.#log = log;
    this.#server = createServer((request, response) => this.#answer(request, response));
    // A stream is never finished: the default deadlines for a request do not apply to its answer, nor is it keep-alive.
    this.#server.keepAliveTimeout = 1_000;
  }

  /** Listens on the preferred port, or on one that the system chooses when that is taken. Resolves with the port. */
  async listen(preferredPort: number | null): Promise<number> {
    try {
      return await this.#listenOn(preferredPort ?? 0);
    } catch (error) {
      if (preferredPort === null) throw error;
      return this.#listenOn(0);
    }
  }

  get clients(): number {
    return this.#clients.size;
  }

  write(chunk: OutputChunk): boolean {
    let held = false;
    for (const client of this.#clients.values()) held = client.write(chunk) || held;
    return held;
  }

  close(): void {
    for (const response of this.#clients.keys()) response.destroy();
    this.#server.close();
  }

  #listenOn(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(error);
      this.#server.once('error', failed);
      this.#server.listen({ port, host: '127.0.0.1' }, () => {
        this.#server.off('error', failed);
        this.#server.on('error', (error) => this.#log.error({ err: error }, 'fan-out server'));
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const refusal = this.#refusal(request, url);
    if (refusal) response.writeHead(refusal.status, { 'content-type': 'text/plain' }).end(`${refusal.message}\n`);
    else if (url.pathname === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    else this.#stream(request, response);
  }

  #refusal(request: IncomingMessage, url: URL): { status: number; message: string } | null {
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, message: 'only GET' };
    if (url.pathname === '/healthz') return null;
    if (url.pathname !== '/program.ts') return { status: 404, message: 'there is only /program.ts and /healthz' };
    if (!this.#isAllowed(url.searchParams.get('token') ?? ''))
      return { status: 401, message: 'wrong or missing token' };
    if (this.#clients.size >= MAX_CLIENTS) return { status: 503, message: `${MAX_CLIENTS} receivers are connected` };
    return null;
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    // The end of the stream is the end of the connection. Without chunked encoding the media can go to the socket itself,
    // past the response's own buffering, which would keep each chunk until the next turn of the event loop.
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.writeHead(200, {
      'content-type': 'video/mp2t',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      connection: 'close',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    request.socket.setNoDelay(true);
    response.on('error', () => response.destroy());
    response.on('close', () => this.#clients.delete(response));
    this.#clients.set(response, new FanOutClient(request.socket, this.#cache));
  }

  #isAllowed(token: string): boolean {
    const given = Buffer.from(token);
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }
}
