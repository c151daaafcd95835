import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { describeError, ERRORS, StudioError } from '../../contract/errors.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import { createServer } from '../../platform/node-http.ts';
import { ApiSocket } from '../api/api-socket.ts';
import type { Studio } from '../studio.ts';
import { assetFile, sendFile } from './asset-files.ts';
import { Metrics } from './metrics.ts';
import { LINK_NEEDED, LINK_USED, noticePage, PAGE_NOT_BUILT } from './notice-page.ts';
import { type FanoutAddress, proxyProgram } from './program-proxy.ts';
import { applyHeaders, bearer, cookie, isOwnHost, isOwnOrigin, securityHeaders } from './request-guard.ts';
import { type Sessions, sameSecret } from './sessions.ts';

export interface HttpServerOptions {
  readonly studio: Studio;
  readonly paths: DataPaths;
  readonly log: Logger;
  readonly sessions: Sessions;
  /** Token of `vvtvctl`, from `<data>/run/host.json`. */
  readonly token: string;
  /** Tells the cookies of two studios on one machine apart: cookies do not know ports. */
  readonly cookieName: string;
  /** The built page. */
  readonly pageFolder: string;
  /** Null while nothing is on air. */
  fanout(): FanoutAddress | null;
}

const COOKIE_LIFE_S = 30 * 24 * 3600;

/** The studio on loopback: page, control API, programme, pictures, health and metrics. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #api: ApiSocket;
  readonly #metrics: Metrics;
  #page: ReturnType<typeof sirv> | null = null;
  #port = 0;
  #headers: Record<string, string> = {};

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#api = new ApiSocket({ studio: options.studio, log: options.log });
    this.#metrics = new Metrics(options.studio);
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.keepAliveTimeout = 30_000;
  }

  /** Listens on 127.0.0.1. Throws when the port is taken. */
  async listen(port: number): Promise<number> {
    this.#server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('no TCP address');
    this.#port = address.port;
    this.#headers = securityHeaders(this.#port);
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    this.#api.close();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    applyHeaders(response, this.#headers);
    try {
      if (!isOwnHost(request.headers.host, this.#port) || !isOwnOrigin(request.headers.origin, this.#port))
        throw new StudioError('FORBIDDEN_ORIGIN', 'this address is not the studio');
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      const url = new URL(request.url ?? '/', this.url);
      await this.#route(request, response, url);
    } catch (error) {
      this.#fail(response, error);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    switch (url.pathname) {
      case '/healthz':
        return sendText(response, 200, 'text/plain; charset=utf-8', 'alive\n');
      case '/readyz':
        return this.#ready(response);
      case '/metrics': {
        const { type, text } = await this.#metrics.text();
        return sendText(response, 200, type, text);
      }
      case '/program.ts': {
        if (!this.#isKnown(request) && !this.#mayWatch(url)) throw notAuthorised();
        const fanout = this.#options.fanout();
        if (!fanout) throw new StudioError('OFF_AIR', 'the channel is not on air');
        return proxyProgram(request, response, fanout);
      }
    }
    const link = url.pathname === '/' ? url.searchParams.get('t') : null;
    if (link !== null) return this.#redeem(request, response, link);
    if (!this.#isKnown(request)) {
      if (url.pathname !== '/') throw notAuthorised();
      return sendText(response, 401, 'text/html; charset=utf-8', LINK_NEEDED);
    }
    const asset = assetFile(url.pathname, this.#options.paths);
    if (asset) return sendFile(request, response, asset);
    this.#sendPage(request, response);
  }

  #isKnown(request: IncomingMessage): boolean {
    const token = bearer(request);
    if (token !== null) return sameSecret(token, this.#options.token);
    const session = cookie(request, this.#options.cookieName);
    return session !== null && this.#options.sessions.accepts(session);
  }

  #mayWatch(url: URL): boolean {
    const token = url.searchParams.get('token');
    return token !== null && sameSecret(token, this.#options.sessions.watchToken);
  }

  async #redeem(request: IncomingMessage, response: ServerResponse, link: string): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    const session = await this.#options.sessions.redeem(link);
    if (session === null) {
      // A reload of the link in the browser that used it is no intrusion.
      if (this.#isKnown(request)) return void response.writeHead(303, { Location: '/' }).end();
      return sendText(response, 401, 'text/html; charset=utf-8', LINK_USED);
    }
    const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_LIFE_S}`;
    response.setHeader('Set-Cookie', `${this.#options.cookieName}=${session}; ${attributes}`);
    response.writeHead(303, { Location: '/' }).end();
  }

  /** Ready means: what the operator wants is what is. */
  #ready(response: ServerResponse): void {
    const { air } = this.#options.studio.channel();
    const ready = air === 'on_air' || air === 'emergency' || air === 'off';
    sendText(response, ready ? 200 : 503, 'text/plain; charset=utf-8', `${air}\n`);
  }

  #sendPage(request: IncomingMessage, response: ServerResponse): void {
    const folder = this.#options.pageFolder;
    if (!this.#page && existsSync(join(folder, 'index.html')))
      this.#page = sirv(folder, {
        // Looked up anew at each request: the page may be built again under a running host.
        dev: true,
        etag: true,
        setHeaders: (answer, path) => {
          const immutable = path.includes('/assets/') || path.startsWith('assets/');
          answer.setHeader('Cache-Control', immutable ? 'private, max-age=31536000, immutable' : 'no-cache');
        },
      });
    if (this.#page)
      this.#page(request, response, () => {
        this.#fail(response, new StudioError('NOT_FOUND', 'there is nothing at this address'));
      });
    else sendText(response, 503, 'text/html; charset=utf-8', PAGE_NOT_BUILT);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusal(request);
    if (refusal) socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
    else this.#api.accept(request, socket, head);
  }

  /** Status line with which a WebSocket is refused; null when it may be opened. */
  #refusal(request: IncomingMessage): string | null {
    if (!isOwnHost(request.headers.host, this.#port) || !isOwnOrigin(request.headers.origin, this.#port))
      return '403 Forbidden';
    if (new URL(request.url ?? '/', this.url).pathname !== '/api') return '404 Not Found';
    return this.#isKnown(request) ? null : '401 Unauthorized';
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (!(error instanceof StudioError))
      this.#options.log.error({ error: describeError(error) }, 'request failed inside');
    if (response.headersSent) return void response.destroy();
    const known = error instanceof StudioError ? error : new StudioError('INTERNAL', 'the host failed inside');
    const { httpStatus, action } = ERRORS[known.code];
    sendText(response, httpStatus, 'text/html; charset=utf-8', noticePage(known.message, [action]));
  }
}

const notAuthorised = (): StudioError => new StudioError('NOT_AUTHORISED', 'this needs the control room’s session');

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
}
