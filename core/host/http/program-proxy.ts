import type { IncomingMessage, ServerResponse } from 'node:http';
import { StudioError } from '../../contract/errors.ts';
import { request as httpRequest } from '../../platform/node-http.ts';

export interface FanoutAddress {
  readonly port: number;
  readonly token: string;
}

/**
 * Passes the program on from the broadcaster's fan-out, so that the page has one origin. Bytes go through as they come:
 * no coalescing, no buffer beyond the sockets', and back-pressure reaches the fan-out, which drops whole GOPs for this
 * client. When either end goes away the other is closed. Throws `BROADCASTER_UNREACHABLE`.
 */
export async function proxyProgram(
  request: IncomingMessage,
  response: ServerResponse,
  fanout: FanoutAddress,
): Promise<void> {
  const upstream = httpRequest({
    host: '127.0.0.1',
    port: fanout.port,
    path: `/program.ts?token=${encodeURIComponent(fanout.token)}`,
    agent: false,
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once('response', resolve);
    upstream.once('error', reject);
    upstream.setNoDelay(true);
    upstream.end();
    response.once('close', () => upstream.destroy());
  }).catch((error: unknown) => {
    throw new StudioError('BROADCASTER_UNREACHABLE', 'the program cannot be read from the broadcaster', {
      cause: error,
    });
  });
  if (answer.statusCode !== 200) {
    upstream.destroy();
    throw new StudioError('BROADCASTER_UNREACHABLE', `the broadcaster refused the program (${answer.statusCode})`);
  }
  request.socket.setNoDelay(true);
  response.writeHead(200, { 'Content-Type': 'video/mp2t', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  upstream.on('error', () => response.destroy());
  answer.on('error', () => response.destroy());
  answer.on('aborted', () => response.destroy());
  answer.pipe(response);
}
