import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { get, type IncomingMessage, type RequestOptions } from 'node:http';
import { after, before, test } from 'node:test';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';
import { cleanUp, RunningHost, until, vvtvctl } from './running-host.ts';

/** Who gets in, and what they find: the loopback server of a running studio. */
let studio: StudioFixture;
let host: RunningHost;
let base: URL;

before(async () => {
  studio = await makeStudio({ clips: [{ frames: 160 }] });
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 0, 0);
  await studio.store.close();
  host = await RunningHost.start(studio.paths.root);
  base = new URL(host.started.url);
  await host.untilAir('on_air');
});

after(async () => {
  await host?.stop();
  await cleanUp(studio.paths.root);
  await studio[Symbol.asyncDispose]();
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** One request with exactly these headers (`fetch` would not let us lie about Host and Origin). */
function ask(path: string, headers: RequestOptions['headers'] = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: base.port, path, headers: { host: base.host, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    }).on('error', reject);
  });
}

/** HTTP status with which a WebSocket is refused, or 101. */
function knock(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const request = get({
      host: '127.0.0.1',
      port: base.port,
      path: '/api',
      headers: { host: base.host, ...upgrade, ...headers },
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.on('error', reject);
  });
}

async function session(): Promise<string> {
  const { url } = JSON.parse((await vvtvctl(studio.paths.root, 'open', '--json')).stdout);
  const answer = await ask(`/${new URL(url).search}`);
  assert.equal(answer.status, 303);
  return String(answer.headers['set-cookie']?.[0]?.split(';')[0]);
}

test('a link opens the control room once', async () => {
  const link = `/${new URL(host.started.link).search}`;
  const first = await ask(link);
  assert.equal(first.status, 303);
  assert.equal(first.headers.location, '/');
  const cookie = String(first.headers['set-cookie']?.[0]);
  assert.match(cookie, /^vvtv_[0-9a-f]{8}=.*HttpOnly; SameSite=Strict/);
  const second = await ask(link);
  assert.equal(second.status, 401);
  assert.match(second.body, /used already/);
  const inside = await ask('/', { cookie: cookie.split(';')[0] });
  assert.ok([200, 503].includes(inside.status), 'the page, or the notice that it is not built');
  assert.match(String(inside.headers['content-security-policy']), /default-src 'none'/);
});

test('without a session there is nothing but health', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await ask(path)).status, 200, path);
  assert.equal((await ask('/')).status, 401);
  for (const path of ['/program.ts', '/assets/asset-0/media.ts', '/index.html', '/program.ts?token=guess'])
    assert.equal((await ask(path)).status, 401, path);
  assert.equal((await ask('/', { authorization: 'Bearer guess' })).status, 401);
});

test('a foreign name or page is sent away', async () => {
  const cookie = await session();
  assert.equal((await ask('/healthz', { host: 'studio.evil.example' })).status, 403);
  assert.equal((await ask('/', { cookie, origin: 'http://evil.example' })).status, 403);
  assert.equal(await knock({ cookie }), 101);
  assert.equal(await knock({ cookie, origin: base.origin }), 101);
  assert.equal(await knock({ cookie, origin: 'http://127.0.0.1:1' }), 403);
  assert.equal(await knock({ cookie, origin: 'null' }), 403);
  assert.equal(await knock({ cookie, host: 'evil.example' }), 403);
  assert.equal(await knock({ origin: base.origin }), 401);
});

test('pictures and media come in ranges, and nothing else does', async () => {
  const cookie = await session();
  const whole = await ask('/assets/asset-0/media.ts', { cookie });
  assert.equal(whole.status, 200);
  const part = await ask('/assets/asset-0/media.ts', { cookie, range: 'bytes=188-375' });
  assert.equal(part.status, 206);
  assert.equal(part.body, whole.body.slice(188, 376));
  assert.equal(part.headers['content-range'], `bytes 188-375/${whole.body.length}`);
  assert.equal((await ask('/assets/asset-0/media.ts', { cookie, range: 'bytes=99999999-' })).status, 416);
  const etag = String(whole.headers.etag);
  assert.equal((await ask('/assets/asset-0/media.ts', { cookie, 'if-none-match': etag })).status, 304);
  for (const path of [
    '/assets/none/poster.jpg',
    '/assets/asset-0/media.index.json',
    '/assets/..%2f..%2frun/host.json',
    '/assets/../run/host.json',
    '/../../run/host.json',
  ])
    assert.ok([404, 503].includes((await ask(path, { cookie })).status), path);
});

test('the programme passes through, and ends with its reader', async () => {
  const address = new URL(host.started.programUrl);
  const abort = new AbortController();
  const response = await fetch(address, { signal: abort.signal });
  assert.equal(response.headers.get('content-type'), 'video/mp2t');
  assert.ok(response.body);
  const { value } = await response.body.getReader().read();
  assert.equal(value?.[0], 0x47, 'a transport stream starts with its sync byte');
  const clients = async () => /^vvtv_engine_preview_clients (\d+)$/m.exec((await ask('/metrics')).body)?.[1];
  await until(async () => (await clients()) === '1', 5000, 'the client is not counted');
  abort.abort();
  await until(async () => (await clients()) === '0', 5000, 'the client is not let go');
});

test('metrics carry help and no secret', async () => {
  const { body } = await ask('/metrics');
  assert.match(body, /^vvtv_on_air 1$/m);
  assert.match(body, /^vvtv_plans\{state="rejected"\} 0$/m);
  assert.match(body, /^vvtv_process_up\{process="broadcaster"\} 1$/m);
  for (const line of body.split('\n'))
    if (/^vvtv_/.test(line)) assert.match(body, new RegExp(`# HELP ${line.split(/[ {]/)[0]} `));
  assert.doesNotMatch(body, /rtmp:/);
});

test('a second host is told where the first one is', async () => {
  const second = await vvtvctl(studio.paths.root, 'run', '--json');
  assert.equal(second.code, 7);
  const { error } = JSON.parse(second.stderr);
  assert.equal(error.code, 'HOST_RUNNING');
  assert.match(error.message, new RegExp(`pid ${host.started.pid}, ${base.origin}`));
});

test('the command line speaks JSON, and its exit codes tell what went wrong', async () => {
  const cli = (...args: string[]) => vvtvctl(studio.paths.root, ...args, '--json');
  // While what is on air is held, nothing behind it becomes due, and so nothing locks.
  assert.equal((await cli('hold', 'on')).code, 0);
  const added = await cli('queue', 'add', 'asset-0', '--head');
  const { id } = JSON.parse(added.stdout);
  assert.ok(id);
  assert.equal((await cli('queue', 'move', id, '--end')).code, 0);
  const removed = JSON.parse((await cli('queue', 'remove', id)).stdout);
  assert.equal(removed.removed[0].undo.assetId, 'asset-0');
  assert.equal((await cli('queue', 'remove', id)).code, 3);
  assert.equal((await cli('hold', 'off')).code, 0);

  assert.equal((await cli('destination', 'add', 'Tube', 'http://x')).code, 2);
  const tube = await cli('destination', 'add', 'Tube', 'rtmp://127.0.0.1:9/live/secret-key-4711');
  assert.equal(tube.code, 0);
  for (const command of [['destination', 'list'], ['status'], ['health', 'preflight']])
    assert.doesNotMatch((await cli(...command)).stdout, /secret-key/);
  assert.equal((await cli('destination', 'disable', 'Tube')).code, 0);
  assert.equal((await cli('destination', 'remove', 'Tube')).code, 6);
  assert.equal((await cli('destination', 'remove', 'Tube', '--force')).code, 0);
  assert.equal((await cli('destination', 'remove', 'embedded-origin', '--force')).code, 5);

  assert.equal((await cli('library', 'add', '/nowhere/at/all')).code, 3);
  assert.equal((await cli('library', 'add', studio.paths.root)).code, 0);
  assert.equal(JSON.parse((await cli('library', 'list')).stdout)[0].path, studio.paths.root);
  assert.equal((await cli('library', 'remove', studio.paths.root)).code, 0);
  assert.equal((await cli('plan', 'list', '-s', 'nonsense')).code, 2);
  assert.equal((await cli('asset', 'list')).code, 0);
  assert.equal((await cli('off-air')).code, 6);
  assert.equal((await cli('hold', 'maybe')).code, 2);
});

test('off air and on air again, the host staying', async () => {
  assert.equal((await vvtvctl(studio.paths.root, 'off-air', '--keep-host', '--force')).code, 0);
  assert.equal(await host.ready(), 'off');
  assert.equal((await vvtvctl(studio.paths.root, 'skip')).code, 9);
  assert.equal((await vvtvctl(studio.paths.root, 'on-air')).code, 0);
  await host.untilAir('on_air');
});

test('every metric is documented, and the dashboard asks for none that does not exist', async () => {
  const { body } = await ask('/metrics');
  const exists = new Set([...body.matchAll(/^# HELP (vvtv_\w+) /gm)].map(([, name]) => name));
  const named = async (file: string) => {
    const text = await readFile(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    return new Set([...text.matchAll(/\bvvtv_[a-z0-9_]+\b/g)].map(([name]) => name));
  };
  assert.deepEqual([...(await named('metrics.md'))].sort(), [...exists].sort());
  const dashboard = await named('grafana-dashboard.json');
  assert.ok(dashboard.size > 20);
  assert.deepEqual(
    [...dashboard].filter((name) => !exists.has(name)),
    [],
  );
});
