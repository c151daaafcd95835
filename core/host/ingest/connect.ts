import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { IngestFailure, systemCode } from './ingest-step.ts';

/** Opens a TCP connection. Throws an {@link IngestFailure} that says why it cannot. */
export async function connectTcp(host: string, port: number, deadlineMs: number): Promise<Socket> {
  const socket = connect({ host, port, autoSelectFamily: true });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(deadlineMs) });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    const place = `${host} port ${port}`;
    const code = systemCode(error);
    if (code === 'ECONNREFUSED')
      throw new IngestFailure(`${place} refuses connections: the port is wrong or the server is not running.`);
    if (code === 'ABORT_ERR' || code === 'ETIMEDOUT')
      throw new IngestFailure(`${place} does not answer: a firewall is in the way, or the server is down.`);
    if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
      throw new IngestFailure(`There is no way to ${host}: check the network of this machine.`);
    throw new IngestFailure(`${place} cannot be reached (${code || String(error)}).`);
  }
}

/** Speaks TLS over an open connection and checks the certificate. Throws an {@link IngestFailure}. */
export async function startTls(socket: Socket, host: string, deadlineMs: number): Promise<Socket> {
  const isAddress = /^[\d.]+$|:/.test(host);
  const secure = connectTls({ socket, host, ...(isAddress ? {} : { servername: host }) });
  try {
    await once(secure, 'secureConnect', { signal: AbortSignal.timeout(deadlineMs) });
    return secure;
  } catch (error) {
    secure.on('error', () => undefined).destroy();
    const code = systemCode(error);
    if (code === 'ABORT_ERR')
      throw new IngestFailure(`${host} does not answer the TLS greeting: it may speak plain RTMP there (rtmp://).`);
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
      throw new IngestFailure(`The certificate is for another host than ${host}: check the address.`);
    if (code === 'CERT_HAS_EXPIRED') throw new IngestFailure(`The certificate of ${host} has expired.`);
    if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code))
      throw new IngestFailure(`The certificate of ${host} is not signed by anybody this machine trusts.`);
    if (/^ERR_SSL|EPROTO/.test(code))
      throw new IngestFailure(`${host} does not speak TLS on this port: use rtmp:// or another port.`);
    throw new IngestFailure(`${host} ended the TLS greeting (${code || 'closed'}).`);
  }
}
