import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import type { PreflightCheck } from '../../contract/control-api.ts';
import type { Logger } from '../../platform/logger.ts';
import { connectTcp, startTls } from './connect.ts';
import { IngestFailure, passed, systemCode } from './ingest-step.ts';
import { publishTest } from './publish-test.ts';
import { rtmpHandshake } from './rtmp-handshake.ts';

export interface IngestTestOptions {
  readonly url: string;
  /** The channel is sending to this address now: the test stops before it would disturb it. */
  readonly live: boolean;
  /** What to push and with what; null while there is no slate yet. */
  readonly push: { ffmpeg: string; media: string } | null;
  readonly log: Logger;
  /** Longest step, ms (default 8 s). */
  readonly stepMs?: number;
}

const STEP_MS = 8_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'rtmp:': 1935, 'rtmps:': 443 };

/**
 * Goes the way to a destination step by step: name, TCP, TLS, RTMP greeting, publish. Stops at the first step that fails,
 * with a sentence that says why. SRT runs over UDP and has its greeting inside ffmpeg, so it is one step.
 */
export async function ingestTest(options: IngestTestOptions): Promise<PreflightCheck[]> {
  const steps: PreflightCheck[] = [];
  let step = 'address';
  const during = async (name: string, work: () => Promise<string>): Promise<void> => {
    step = name;
    steps.push(passed(name, await work()));
  };
  let socket: Socket | null = null;
  const { url, live, push, log, stepMs = STEP_MS } = options;
  try {
    const { protocol, host, port } = parse(url);
    await during('name', () => resolveName(host));
    if (protocol !== 'srt:') {
      await during('TCP', async () => {
        socket = await connectTcp(host, port, stepMs);
        return `${host} takes connections on port ${port}.`;
      });
      if (protocol === 'rtmps:')
        await during('TLS', async () => {
          socket = socket && (await startTls(socket, host, stepMs));
          return `${host} has a valid certificate.`;
        });
      await during('RTMP greeting', async () => {
        if (socket) await rtmpHandshake(socket, host, stepMs);
        return `${host} speaks RTMP.`;
      });
    }
    step = 'publish';
    if (live) steps.push(skipped('The channel is sending there now; it was left alone, and is the better test.'));
    else if (push === null) steps.push(skipped('There is no slate to send yet: try again when the channel is ready.'));
    else
      await during('publish', async () => {
        await publishTest({ ...push, url, log, deadlineMs: stepMs });
        return protocol === 'srt:'
          ? 'The listener took the media.'
          : 'The server accepted the stream and took a keyframe.';
      });
  } catch (error) {
    if (!(error instanceof IngestFailure)) throw error;
    steps.push({ name: step, verdict: 'failed', message: error.message });
  } finally {
    destroy(socket);
  }
  return steps;
}

const skipped = (message: string): PreflightCheck => ({ name: 'publish', verdict: 'warning', message });

function destroy(socket: Socket | null): void {
  socket?.destroy();
}

function parse(url: string): { protocol: string; host: string; port: number } {
  if (!URL.canParse(url)) throw new IngestFailure('This is no address that can be read.');
  const { protocol, hostname, port: text } = new URL(url);
  const port = text === '' ? DEFAULT_PORTS[protocol] : Number(text);
  if (port === undefined) throw new IngestFailure('An SRT address needs a port: srt://host:port.');
  return { protocol, host: hostname.replace(/^\[|\]$/g, ''), port };
}

async function resolveName(host: string): Promise<string> {
  try {
    const { address } = await lookup(host);
    return host === address ? `${host} is an address.` : `${host} is ${address}.`;
  } catch (error) {
    throw new IngestFailure(
      systemCode(error) === 'ENOTFOUND'
        ? `There is no host called ${host}: check the spelling.`
        : `The name of ${host} cannot be looked up (${systemCode(error)}): check the network of this machine.`,
    );
  }
}
