import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { processIdentity } from '../../core/platform/process-identity.ts';
import { testTools } from '../house-clip.ts';
import { cleanUp, RunningHost, until, vvtvctl } from './running-host.ts';

const run = promisify(execFile);

/** A fresh machine with a folder of videos: from nothing to the programme, without a hand, and through dying daemons. */
let root = '';
let library = '';
let host: RunningHost;

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-first-'));
  root = join(folder, 'data');
  library = join(folder, 'videos');
  await mkdir(library);
  const { ffmpeg } = await testTools();
  for (const [name, picture] of [
    ['Night Tram.mp4', 'testsrc2=s=320x180:r=30'],
    ['Dancers.mkv', 'mandelbrot=s=320x180:r=30'],
  ])
    await run(ffmpeg, [
      ...[
        '-hide_banner',
        '-loglevel',
        'error',
        '-f',
        'lavfi',
        '-i',
        `${picture}`,
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=330',
      ],
      ...['-t', '5', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', join(library, `${name}`)],
    ]);
  await writeFile(join(library, 'broken.mp4'), 'this is no video');
});

after(async () => {
  await host?.stop();
  await cleanUp(root);
  await rm(join(root, '..'), { recursive: true, force: true });
});

interface ProcessRow {
  name: string;
  pid: number | null;
  state: string;
  restarts: number;
}

async function processRow(name: string): Promise<ProcessRow> {
  const rows: ProcessRow[] = JSON.parse((await vvtvctl(root, 'health', 'processes', '--json')).stdout);
  const row = rows.find((one) => one.name === name);
  assert.ok(row, name);
  return row;
}

test('the emergency loop airs first, then the videos; a killed processor goes on; a broken file is explained', async () => {
  host = await RunningHost.start(root, '--library', library);
  await until(async () => ['emergency', 'on_air'].includes(await host.ready()), 40_000, 'nothing is on air');
  const { pid } = await processRow('processor');
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  await until(async () => (await processRow('processor')).restarts > 0, 10_000, 'the processor is not started again');
  await host.untilAir('on_air', 60_000);
  const { status } = JSON.parse((await vvtvctl(root, 'status', '--json')).stdout);
  assert.equal(status.program.kind, 'asset');
  await until(
    async () => {
      const { plans } = JSON.parse((await vvtvctl(root, 'plan', 'list', '-s', 'rejected', '--json')).stdout);
      return plans.length === 1 && plans[0].title === 'broken' && plans[0].reason.message.length > 0;
    },
    30_000,
    'the broken file is not rejected',
  );
});

test('kill -9 of the host ends its daemons, and leaves the channel on air for the next one', async () => {
  const daemons = [(await processRow('processor')).pid, (await processRow('planner')).pid];
  const engine = await host.pidOf('broadcaster');
  await host.kill();
  for (const pid of daemons) {
    assert.ok(pid);
    await until(async () => (await processIdentity(pid)) === null, 10_000, `daemon ${pid} outlives its host`);
  }
  assert.ok(engine && (await processIdentity(engine)));
  host = await RunningHost.start(root);
  await host.untilAir('on_air');
  assert.equal(await host.pidOf('broadcaster'), engine);
});

test('vvtvctl off-air stops all of it', async () => {
  const pids = [await host.pidOf('broadcaster'), await host.pidOf('origin'), host.started.pid];
  const daemons = [(await processRow('processor')).pid, (await processRow('planner')).pid];
  const stopped = await vvtvctl(root, 'off-air', '--force', '--json');
  assert.deepEqual(JSON.parse(stopped.stdout), { ok: true, host: 'stopped' });
  for (const pid of [...pids, ...daemons]) assert.equal(pid && (await processIdentity(pid)), null);
});
