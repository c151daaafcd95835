import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import pino from 'pino';
import { makeHouseClip, testTools } from '../../../tests/house-clip.ts';
import { startRtmpServer } from '../../../tests/rtmp-server.ts';
import { ingestTest } from './ingest-test.ts';
import { sameIngest } from './studio-ingest-test.ts';

const log = pino({ level: 'silent' });
const KEY = 'stream-key-of-the-test';

let folder: string;
let push: { ffmpeg: string; media: string };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vvtv-ingest-'));
  push = { ffmpeg: (await testTools()).ffmpeg, media: join(folder, 'slate.ts') };
  await makeHouseClip(push.media, { frames: 64 });
});
after(() => rm(folder, { recursive: true, force: true }));

/** A server that does as told with each connection. */
async function serve(t: TestContext, behave: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    behave(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

const look = (url: string, stepMs = 2_000, live = false) => ingestTest({ url, live, push, log, stepMs });

/** The step that failed, as `step: sentence`; the stream key is in no sentence. */
async function failure(url: string, stepMs = 2_000): Promise<string> {
  const steps = await look(url, stepMs);
  assert.ok(!JSON.stringify(steps).includes(KEY));
  const last = steps.at(-1);
  assert.equal(last?.verdict, 'failed', JSON.stringify(steps));
  return `${last?.name}: ${last?.message}`;
}

const rtmp = (port: number): string => `rtmp://127.0.0.1:${port}/live/${KEY}`;

/** The server's side of a greeting that is right. */
function greet(socket: Socket): void {
  socket.once('data', () => socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(2 * 1536)])));
}

test('a server that accepts is told step by step', async () => {
  await using server = await startRtmpServer('node-media-server');
  const steps = await look(server.url(KEY), 10_000);
  assert.deepEqual(
    steps.map(({ name, verdict }) => `${name} ${verdict}`),
    ['name ok', 'TCP ok', 'RTMP greeting ok', 'publish ok'],
    JSON.stringify(steps),
  );
});

test('an address that the channel sends to is greeted and left alone', async (t) => {
  let connections = 0;
  const port = await serve(t, (socket) => {
    connections += 1;
    greet(socket);
  });
  const steps = await look(rtmp(port), 2_000, true);
  assert.equal(steps.at(-1)?.verdict, 'warning');
  assert.match(steps.at(-1)?.message ?? '', /left alone/);
  assert.equal(connections, 1);
  assert.ok(sameIngest('rtmp://Live.Example/app/key', 'rtmp://live.example:1935/app/key/'));
  assert.ok(!sameIngest('rtmp://live.example/app/key', 'rtmp://live.example/app/other'));
});

test('each way in which a server can fail has its own sentence', async (t) => {
  const gone = await serve(t, (socket) => socket.destroy());
  assert.match(await failure(rtmp(gone)), /^RTMP greeting: .*closed/);
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  assert.ok(address !== null && typeof address === 'object');
  closed.close();
  assert.match(await failure(rtmp(address.port)), /^TCP: .*refuses connections/);

  const silent = await serve(t, () => undefined);
  assert.match(await failure(rtmp(silent), 150), /^RTMP greeting: .*does not answer/);
  const half = await serve(t, (socket) => socket.write(Buffer.from([3, 0, 0])));
  assert.match(await failure(rtmp(half), 150), /^RTMP greeting: .*does not answer/);
  const web = await serve(t, (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  assert.match(await failure(rtmp(web)), /web server/);
  const garbage = await serve(t, (socket) => socket.once('data', () => socket.end('garbage')));
  assert.match(await failure(rtmp(garbage)), /not in RTMP/);
  const tlsOnly = await serve(t, (socket) =>
    socket.once('data', () => socket.end(Buffer.from('15030100020246', 'hex'))),
  );
  assert.match(await failure(rtmp(tlsOnly)), /rtmps:\/\//);
  assert.match(await failure(`rtmps://127.0.0.1:${garbage}/live/${KEY}`), /^TLS: .*does not speak TLS/);
  assert.match(await failure(`rtmps://127.0.0.1:${silent}/live/${KEY}`, 150), /^TLS: .*does not answer/);
  assert.match(await failure(`rtmp://no-such-host.invalid/live/${KEY}`), /^name: /);
});

test('a server that greets and then does not let one publish', async (t) => {
  const stalls = await serve(t, greet);
  assert.match(await failure(rtmp(stalls), 700), /^publish: .*does not answer the request/);
  const closes = await serve(t, (socket) => {
    greet(socket);
    let heard = 0;
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.length;
      // C0, C1 and C2 are over: what follows asks for the application.
      if (heard > 1 + 2 * 1536) socket.end();
    });
  });
  assert.match(await failure(rtmp(closes), 5_000), /^publish: .*closed the connection/);
});

test('SRT: taken by a listener, and told when nobody listens', async (t) => {
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  assert.match(
    await failure(`srt://127.0.0.1:${port}`, 1_500),
    /^publish: (No SRT listener|The SRT|This ffmpeg cannot)/,
  );
  const url = `srt://127.0.0.1:${port}?mode=listener`;
  const listener = spawn(push.ffmpeg, ['-loglevel', 'error', '-i', url, '-f', 'null', '-'], { stdio: 'ignore' });
  t.after(() => listener.kill('SIGKILL'));
  // The caller repeats its greeting until the listener is there.
  const steps = await look(`srt://127.0.0.1:${port}`, 10_000);
  assert.deepEqual([steps.at(-1)?.name, steps.at(-1)?.verdict], ['publish', 'ok'], JSON.stringify(steps));
});
