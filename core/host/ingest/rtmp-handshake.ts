import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { IngestFailure } from './ingest-step.ts';

const VERSION = 3;
/** Length of C1, S1, C2 and S2 (Adobe RTMP specification 1.0, §5.2.3). */
const PART_BYTES = 1536;
const TLS_ALERT = 0x15;

/**
 * Shakes hands as an RTMP client: C0 and C1 out, S0 and S1 in, C2 out (§5.2). Publishes nothing, and leaves the socket open.
 * Throws an {@link IngestFailure} that says how the server misbehaved.
 */
export async function rtmpHandshake(socket: Socket, host: string, deadlineMs: number): Promise<void> {
  // C1: time 0, four zero bytes, random bytes.
  socket.write(Buffer.concat([Buffer.from([VERSION]), Buffer.alloc(8), randomBytes(PART_BYTES - 8)]));
  const answer = await read(socket, 1 + PART_BYTES, host, deadlineMs);
  socket.write(answer.subarray(1));
}

function read(socket: Socket, bytes: number, host: string, deadlineMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const finish = (failure: string | null): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose);
      if (failure === null) resolve(got);
      else reject(new IngestFailure(failure));
    };
    const onData = (chunk: Buffer): void => {
      got = Buffer.concat([got, chunk]);
      if (got[0] !== VERSION) finish(wrongStart(got, host));
      else if (got.length >= bytes) finish(null);
    };
    const onClose = (): void => finish(`${host} closed the connection during the RTMP greeting.`);
    const timer = setTimeout(
      () => finish(`${host} does not answer the RTMP greeting: something else listens there, or it is overloaded.`),
      deadlineMs,
    );
    socket
      .on('data', onData)
      .on('close', onClose)
      .on('error', () => undefined);
  });
}

function wrongStart(got: Buffer, host: string): string {
  if (got[0] === TLS_ALERT) return `${host} wants TLS on this port: use rtmps://.`;
  if (/^HTTP\//.test(got.toString('latin1')))
    return `${host} is a web server on this port, no RTMP server: check the port.`;
  return `${host} answers, but not in RTMP: check the port.`;
}
