import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { OriginRunFile, OriginStatus } from '../../core/contract/origin-protocol.ts';
import { daemonModule, ORIGIN } from '../../core/host/detached-daemons.ts';
import { DetachedProcess } from '../../core/host/detached-process.ts';
import { systemClock } from '../../core/platform/clock.ts';
import { type DataPaths, dataPaths } from '../../core/platform/data-paths.ts';
import { createLogger } from '../../core/platform/logger.ts';
import { processIdentity } from '../../core/platform/process-identity.ts';

/** The real origin, started, found again, lost and replaced. */
interface Held {
  readonly process: DetachedProcess<OriginRunFile, OriginStatus>;
  readonly attached: number[];
  /** Resolves with the pid of the process that is attached to next. */
  next(): Promise<number>;
}

async function folder(t: TestContext): Promise<DataPaths> {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-detached-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  return dataPaths(root);
}

function hold(t: TestContext, paths: DataPaths): Held {
  const attached: number[] = [];
  let waiting = Promise.withResolvers<number>();
  const log = createLogger('test');
  log.level = process.env['VVTV_TEST_LOG'] ? 'debug' : 'silent';
  const held = new DetachedProcess({
    ...ORIGIN,
    place: { modulePath: daemonModule('origin'), dataDir: paths.root, channelId: 'main' },
    runFolder: paths.run,
    logFile: join(paths.logs, 'origin.log'),
    log,
    clock: systemClock,
    random: Math.random,
    onAttached: (run) => {
      attached.push(run.pid);
      waiting.resolve(run.pid);
      waiting = Promise.withResolvers();
    },
    onStatus: () => undefined,
    onLost: () => undefined,
    onLooping: () => undefined,
    patienceMs: 300,
  });
  t.after(() => held.stop());
  return { process: held, attached, next: () => waiting.promise };
}

test('let go of, it goes on; another host attaches to it; killed, it is replaced; stopped, it is gone', async (t) => {
  const paths = await folder(t);
  const first = hold(t, paths);
  first.process.start();
  const pid = await first.next();
  const port = first.process.runFile?.rtmpPort;
  await first.process.release();
  assert.ok(await processIdentity(pid));

  const second = hold(t, paths);
  second.process.start();
  assert.equal(await second.next(), pid);
  const replaced = second.next();
  process.kill(pid, 'SIGKILL');
  const newPid = await replaced;
  assert.notEqual(newPid, pid);
  assert.equal(second.process.runFile?.rtmpPort, port);
  assert.equal(second.process.report().restarts, 1);

  await second.process.stop();
  assert.equal(await processIdentity(newPid), null);
  assert.equal(second.process.state, 'idle');
  await assert.rejects(second.process.request({ name: 'status' }), { code: 'BROADCASTER_UNREACHABLE' });
});

test('one whose run file was lost or damaged is found again and goes on', async (t) => {
  const paths = await folder(t);
  const first = hold(t, paths);
  first.process.start();
  const pid = await first.next();
  await first.process.release();
  await writeFile(join(paths.run, 'origin.json'), '{"pid":1,');
  const second = hold(t, paths);
  second.process.start();
  assert.equal(await second.next(), pid);
});

test('one that is alive but mute is killed and replaced', async (t) => {
  const paths = await folder(t);
  const held = hold(t, paths);
  held.process.start();
  const mute = await held.next();
  const replaced = held.next();
  process.kill(mute, 'SIGSTOP');
  assert.notEqual(await replaced, mute);
  assert.equal(await processIdentity(mute), null);
});

test('a process that merely has the pid of the run file is left alone', async (t) => {
  const paths = await folder(t);
  const stranger = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  t.after(() => stranger.kill('SIGKILL'));
  await once(stranger.stdout, 'data');
  await mkdir(paths.run, { recursive: true, mode: 0o700 });
  const run: OriginRunFile = {
    pid: stranger.pid ?? 0,
    version: 1,
    endpoint: join(paths.run, 'nobody.sock'),
    token: 'x',
    rtmpPort: 1,
    publishUrl: 'rtmp://127.0.0.1:1/live/x',
    playUrl: 'rtmp://127.0.0.1:1/live/main',
    startedAtMs: 0,
  };
  await writeFile(join(paths.run, 'origin.json'), JSON.stringify(run), { mode: 0o600 });
  const held = hold(t, paths);
  held.process.start();
  assert.notEqual(await held.next(), stranger.pid);
  assert.equal(stranger.exitCode, null);
  assert.equal(stranger.signalCode, null);
});
