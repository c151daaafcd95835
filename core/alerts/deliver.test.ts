import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { type AlertMessage, type AlertTarget, alertTargetSchema } from '../contract/alert.ts';
import { deliver } from './deliver.ts';
import { DeliveryError } from './delivery-error.ts';

const SECRET = 'a-signing-key-of-the-test';
const TOKEN = '123456:token-of-the-test';
const PASSWORD = 'password-of-the-test';

const message: AlertMessage = {
  id: '01TEST',
  channelName: 'Night TV',
  atMs: 1_000,
  items: [
    {
      ...{ change: 'opened', incidentId: 'i', code: 'destination_down', subject: 'd', severity: 'critical' },
      ...{ message: 'YouTube gets <no> media & @everyone knows', openedAtMs: 1_000, resolvedAtMs: null },
    },
  ],
};

interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

/** An HTTP server that answers the n-th request (from 1) as told. */
async function httpServer(t: TestContext, answer: (response: ServerResponse, n: number) => void) {
  const received: Received[] = [];
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ path: request.url ?? '', headers: request.headers, body });
    answer(response, received.length);
  });
  return { received, url: `http://127.0.0.1:${await listen(t, server)}` };
}

/** What each kind answers when it took the message. */
const TAKEN: Readonly<Record<string, (response: ServerResponse) => void>> = {
  webhook: (response) => response.writeHead(204).end(),
  telegram: (response) => response.end('{"ok":true,"result":{"message_id":1}}'),
  slack: (response) => response.end('ok'),
  discord: (response) => response.end('{"id":"1234567890","content":"x"}'),
};

const target = (kind: string, url: string): AlertTarget =>
  alertTargetSchema.parse(
    kind === 'telegram'
      ? { kind, botToken: TOKEN, chatId: '-100', apiUrl: url }
      : { kind, url: `${url}/hook/key-of-the-test`, secret: SECRET },
  );

const quick = { random: () => 0.5, pausesMs: [1, 1], tryMs: 2_000 };
const send = (to: AlertTarget, options: Partial<Parameters<typeof deliver>[2]> = {}) =>
  deliver(to, message, { ...quick, signal: new AbortController().signal, ...options });

async function failure(work: Promise<void>): Promise<DeliveryError> {
  const error = await work.then(
    () => assert.fail('it was delivered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  const said = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
  for (const secret of [SECRET, TOKEN, PASSWORD, 'key-of-the-test']) assert.ok(!said.includes(secret), said);
  return error;
}

for (const kind of ['webhook', 'telegram', 'slack', 'discord']) {
  const taken = TAKEN[kind] ?? assert.fail();

  test(`${kind}: taken, and retried after 500, 429 and a closed connection`, async (t) => {
    const { received, url } = await httpServer(t, (response, n) => {
      if (n === 1) response.writeHead(500).end('broken');
      else if (n === 2) response.writeHead(429, { 'retry-after': '0' }).end('slow down');
      else taken(response);
    });
    await send(target(kind, url));
    assert.equal(received.length, 3);
    const last = received.at(-1) ?? assert.fail();
    assert.match(last.body, /YouTube/);
    const closing = await httpServer(t, (response, n) => {
      if (n === 1) response.writeHead(200, { 'content-length': '100' }).write('{"ok"', () => response.destroy());
      else taken(response);
    });
    await send(target(kind, closing.url));
    assert.equal(closing.received.length, 2);
  });

  test(`${kind}: refused, hanging, garbage and a wrong address are told without the secrets`, async (t) => {
    const gone = createServer();
    const port = await listen(t, gone);
    gone.close();
    assert.match((await failure(send(target(kind, `http://127.0.0.1:${port}`)))).message, /ECONNREFUSED/);

    const hanging = await httpServer(t, () => undefined);
    assert.match((await failure(send(target(kind, hanging.url), { tryMs: 60 }))).message, /in time/);
    assert.equal(hanging.received.length, 3);

    const noise = createServer((socket) => socket.end('\u0000\u0001 no HTTP at all\r\n\r\n'));
    await failure(send(target(kind, `http://127.0.0.1:${await listen(t, noise)}`)));

    const wrong = await httpServer(t, (response) => {
      response.writeHead(404).end(`no ${response.req.url} ${kind === 'webhook' ? SECRET : ''}`);
    });
    const refused = await failure(send(target(kind, wrong.url)));
    assert.ok(refused.permanent);
    assert.match(refused.message, /HTTP 404/);
    assert.equal(wrong.received.length, 1, 'what cannot succeed is not repeated');

    const moved = await httpServer(t, (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    assert.match((await failure(send(target(kind, moved.url)))).message, /HTTP 302/);

    const later = await httpServer(t, (response) => response.writeHead(429, { 'retry-after': '120' }).end());
    const limited = await failure(send(target(kind, later.url)));
    assert.deepEqual([limited.retryAfterMs, limited.permanent, later.received.length], [120_000, false, 1]);

    if (kind === 'webhook') return; // any 2xx means taken
    const html = await httpServer(t, (response) => response.end('<html>It works!</html>'));
    assert.match((await failure(send(target(kind, html.url)))).message, /something that is n/);
  });
}

test('the webhook is signed, carries the delivery id, and a changed body does not verify', async (t) => {
  const { received, url } = await httpServer(t, (response) => response.writeHead(200).end());
  await send(target('webhook', url));
  const { headers, body } = received[0] ?? assert.fail();
  assert.equal(headers['x-vvtv-delivery'], '01TEST');
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-vvtv-signature'])) ?? [];
  const expected = (text: string) => createHmac('sha256', SECRET).update(`${seconds}.${text}`).digest();
  assert.ok(timingSafeEqual(Buffer.from(signature ?? '', 'hex'), expected(body)));
  assert.ok(!timingSafeEqual(Buffer.from(signature ?? '', 'hex'), expected(`${body} `)));
  assert.deepEqual(JSON.parse(body).items, message.items);
});

test('what a message says can neither mention people nor break the markup', async (t) => {
  const { received, url } = await httpServer(t, (response, n) =>
    (n === 1 ? TAKEN['slack'] : TAKEN['discord'])?.(response),
  );
  await send(target('slack', url));
  await send(target('discord', url));
  assert.match(JSON.parse(received[0]?.body ?? '').text, /&lt;no&gt; media &amp;/);
  assert.deepEqual(JSON.parse(received[1]?.body ?? '').allowed_mentions, { parse: [] });
});

/** A real SMTP server with one account, or one that misbehaves. */
async function smtpServer(t: TestContext, options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{ disabledCommands: ['STARTTLS'], authOptional: true, logger: false, closeTimeout: 10 },
    onAuth: (auth, _session, callback) =>
      auth.password === PASSWORD ? callback(null, { user: 'vvtv' }) : callback(new Error(`bad ${auth.password}`)),
    onData: (stream, _session, callback) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += String(chunk);
      });
      stream.on('end', () => {
        mails.push(text);
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address: AddressInfo | string | null = server.server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { mails, port: address.port };
}

const mailTo = (port: number, more: Record<string, unknown> = {}): AlertTarget =>
  alertTargetSchema.parse({
    ...{ kind: 'email', host: '127.0.0.1', port, tls: 'none', from: 'tv@example.org', to: 'op@example.org', ...more },
  });

test('e-mail: delivered with login, refused with a wrong password, a refused recipient is final', async (t) => {
  const { mails, port } = await smtpServer(t);
  await send(mailTo(port, { user: 'vvtv', password: PASSWORD }), { tryMs: 5_000 });
  assert.match(mails[0] ?? '', /Subject: Night TV: 1 critical/);
  assert.match(mails[0] ?? '', /Message-ID: <01TEST@alerts\.vvtv>/i);
  assert.ok((await failure(send(mailTo(port, { user: 'vvtv', password: 'wrong-password' })))).permanent);
  const strict = await smtpServer(t, {
    onRcptTo: (_address, _session, callback) =>
      callback(Object.assign(new Error('no such user'), { responseCode: 550 })),
  });
  assert.ok((await failure(send(mailTo(strict.port)))).permanent);
});

test('e-mail: a server that is busy, hangs, closes, talks garbage or has no TLS is told, and busy is retried', async (t) => {
  let asked = 0;
  const busy = await smtpServer(t, {
    onMailFrom: (_address, _session, callback) => {
      asked += 1;
      callback(asked < 3 ? Object.assign(new Error('busy'), { responseCode: 451 }) : null);
    },
  });
  await send(mailTo(busy.port), { tryMs: 5_000 });
  assert.deepEqual([asked, busy.mails.length], [3, 1]);

  const hanging = await listen(t, createServer());
  assert.match((await failure(send(mailTo(hanging), { tryMs: 60 }))).message, /in time/);
  const closing = await listen(
    t,
    createServer((socket) => socket.end('220 hello\r\n')),
  );
  await failure(send(mailTo(closing)));
  const noise = await listen(
    t,
    createServer((socket) => socket.end('\u0000 garbage\r\n')),
  );
  await failure(send(mailTo(noise)));
  const plain = await smtpServer(t);
  await failure(send(mailTo(plain.port, { tls: 'starttls' })));
  assert.deepEqual(plain.mails, [], 'starttls never falls back to plain text');
  const gone = createServer();
  const port = await listen(t, gone);
  gone.close();
  assert.match((await failure(send(mailTo(port)))).message, /ECONNREFUSED/);
});
