import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, test } from 'node:test';
import { makeHouseClip, testTools } from '../../tests/house-clip.ts';
import { TINY_PROFILE } from '../../tests/tiny-profile.ts';
import {
  type OriginMessage,
  type OriginRunFile,
  originMessageSchema,
  originRunFileSchema,
} from '../contract/origin-protocol.ts';
import { encodeJsonLine, JsonLineDecoder } from '../platform/json-lines.ts';

const DEADLINE_MS = 15_000;
const LIMIT = { timeout: 60_000 };
const ONE_GOP = { ...TINY_PROFILE, gopFrames: 160 };

let folder: string;
let clip: string;
let other: string;
const children: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vvtv-origin-'));
  clip = join(folder, 'clip.ts');
  other = join(folder, 'other.ts');
  // One GOP: whoever sends it again starts at the keyframe that was sent last.
  await makeHouseClip(clip, { frames: 160, profile: ONE_GOP });
  await makeHouseClip(other, { frames: 64, picture: 'smptebars' });
});
after(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child, 'SIGKILL');
});

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Resolves with the first value that `look` gives, tried again on every call of the returned trigger or every 20 ms. */
async function eventually<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  while (performance.now() < end) {
    const value = await look();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not in time: ${what}`);
}

async function startOrigin(data: string): Promise<{ process: ChildProcess; run: OriginRunFile }> {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--data', data, '--channel', 'main'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, VVTV_LOG_LEVEL: 'fatal' },
  });
  children.push(child);
  const run = await eventually('the run file', async () => {
    if (child.exitCode !== null) throw new Error(`the origin ended with ${child.exitCode}`);
    const text = await readFile(join(data, 'run', 'origin.json'), 'utf8').catch(() => null);
    const found = text === null ? null : originRunFileSchema.parse(JSON.parse(text));
    return found?.pid === child.pid ? found : null;
  });
  return { process: child, run };
}

/** A connection to the control socket that keeps the newest status. */
class Control {
  readonly #socket: Socket;
  readonly messages: OriginMessage[] = [];
  #id = 0;

  constructor(endpoint: string) {
    this.#socket = connect(endpoint);
    const decoder = new JsonLineDecoder();
    this.#socket.on('data', (data) => {
      for (const line of decoder.push(data)) this.messages.push(originMessageSchema.parse(line));
    });
  }

  async ask(command: object): Promise<Extract<OriginMessage, { type: 'response' }>> {
    this.#id += 1;
    const id = this.#id;
    this.#socket.write(encodeJsonLine({ id, command }));
    return eventually('an answer', () => {
      const found = this.messages.find((message) => message.type === 'response' && message.id === id);
      return found?.type === 'response' ? found : null;
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

async function pushClip(path: string, url: string, pace: string[]): Promise<ChildProcess> {
  const { ffmpeg } = await testTools();
  const args = [
    '-v',
    'error',
    ...pace,
    '-i',
    path,
    '-c',
    'copy',
    '-f',
    'flv',
    '-flvflags',
    'no_duration_filesize',
    url,
  ];
  const child = spawn(ffmpeg, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  children.push(child);
  return child;
}

interface Received {
  stream: number;
  dts: number;
}

/** A player that notes every packet: picture is stream 0. */
async function play(url: string): Promise<{ process: ChildProcess; packets: Received[] }> {
  const { ffmpeg } = await testTools();
  const args = ['-v', 'error', '-probesize', '65536', '-analyzeduration', '500000', '-i', url];
  const child = spawn(ffmpeg, [...args, '-map', '0:v', '-map', '0:a', '-c', 'copy', '-copyts', '-f', 'framecrc', '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const packets: Received[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [stream = '', dts = ''] = line.split(',');
    if (!line.startsWith('#')) packets.push({ stream: Number(stream), dts: Number(dts) });
  });
  return { process: child, packets };
}

const video = (packets: Received[]): number[] => packets.filter(({ stream }) => stream === 0).map(({ dts }) => dts);

test('a publisher is killed twice and replaced; a player gets every frame once, without a break', LIMIT, async () => {
  const data = join(folder, 'a');
  const { process: origin, run } = await startOrigin(data);
  const control = new Control(run.endpoint);
  await control.ask({ name: 'hello', token: run.token, version: run.version });

  const first = await pushClip(clip, run.publishUrl, ['-re']);
  await eventually('the first publisher', async () =>
    (await control.ask({ name: 'status' })).status?.publishing ? true : null,
  );
  const player = await play(run.playUrl);
  await eventually('30 pictures', () => (video(player.packets).length >= 30 ? true : null));
  await kill(first, 'SIGKILL');
  await pushClip(clip, run.publishUrl, ['-re']);
  // While the second one is alive a third takes over: nobody waits for a connection that hangs.
  await eventually('the second publisher', async () =>
    (await control.ask({ name: 'status' })).status?.publishes === 2 ? true : null,
  );
  await pushClip(clip, run.publishUrl, []);
  // ffmpeg holds the last packet of a stream back until the next one, or the end of the connection.
  await eventually('the whole clip', () => (video(player.packets).length >= 159 ? true : null));
  const { status } = await control.ask({ name: 'status' });
  assert.equal(status?.publishes, 3);
  assert.equal(status.continued, 2);
  assert.equal(status.subscribers, 1);

  await pushClip(other, run.publishUrl, []);
  await eventually('the other clip', () => (video(player.packets).length >= 223 ? true : null));
  const times = video(player.packets);
  for (const [i, dts] of times.entries()) {
    const step = i === 0 ? 33 : dts - (times[i - 1] ?? 0);
    // The sound of the clip goes on for four AAC frames; the other clip follows behind them.
    assert.ok(step >= 31 && step <= (i === 160 ? 125 : 36), `a step of ${step} ms before picture ${i}`);
  }

  assert.equal((await control.ask({ name: 'stop' })).error, null);
  if (origin.exitCode === null) await once(origin, 'exit');
  assert.equal(origin.exitCode, 0);
  await assert.rejects(stat(join(data, 'run', 'origin.json')));
  control.close();
});

test(
  'the address is kept over restarts and over kill -9; a second origin for the same folder is refused',
  LIMIT,
  async () => {
    const data = join(folder, 'b');
    const { process: first, run } = await startOrigin(data);
    assert.equal((await stat(join(data, 'run', 'origin.json'))).mode & 0o777, 0o600);
    await assert.rejects(startOrigin(data), /ended with 1/);
    await kill(first, 'SIGKILL');
    const { process: second, run: again } = await startOrigin(data);
    assert.equal(again.publishUrl, run.publishUrl);
    assert.notEqual(again.token, run.token);
    await kill(second, 'SIGTERM');
    assert.equal(second.exitCode, 0);
  },
);

test(
  'publishing needs the key; other paths, other protocols and strangers on the control socket are refused',
  LIMIT,
  async () => {
    const { run } = await startOrigin(join(folder, 'c'));
    const control = new Control(run.endpoint);
    assert.equal((await control.ask({ name: 'status' })).error?.code, 'NOT_AUTHORISED');
    const wrong = new Control(run.endpoint);
    const answer = await wrong.ask({ name: 'hello', token: 'guess', version: run.version });
    assert.equal(answer.error?.code, 'NOT_AUTHORISED');

    for (const url of [run.playUrl, `${run.playUrl}?key=guess`, run.publishUrl.replace('/main', '/other')]) {
      const pusher = await pushClip(clip, url, []);
      if (pusher.exitCode === null) await once(pusher, 'exit');
      assert.notEqual(pusher.exitCode, 0);
    }
    const browser = connect(run.rtmpPort, '127.0.0.1');
    browser.on('error', () => undefined);
    browser.resume().write('GET / HTTP/1.1\r\n\r\n');
    if (!browser.closed) await once(browser, 'close');

    const good = new Control(run.endpoint);
    const { status } = await good.ask({ name: 'hello', token: run.token, version: run.version });
    assert.equal(status?.publishes, 0);
    for (const connection of [control, wrong, good]) connection.close();
  },
);
