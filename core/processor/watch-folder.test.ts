import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pino from 'pino';
import { type TemporaryStudio, temporaryStudio } from '../../tests/support/temporary-studio.ts';
import { systemClock } from '../platform/clock.ts';
import { WatchFolder } from './watch-folder.ts';

const logger = pino({ level: 'silent' });
const run = promisify(execFile);

/** Waits until the condition holds, at most 30 s. */
async function until(what: string, condition: () => boolean, everyMs = 25): Promise<void> {
  const end = performance.now() + 30_000;
  while (!condition()) {
    assert.ok(performance.now() < end, `waited in vain for ${what}`);
    await delay(everyMs);
  }
}

interface Library extends AsyncDisposable {
  studio: TemporaryStudio;
  root: string;
  watcher: WatchFolder;
  states(): Record<string, string>;
}

function watch({ reader, writer }: TemporaryStudio, settleMs: number): WatchFolder {
  return new WatchFolder({ channelId: 'main', store: writer, reader, clock: systemClock, logger, settleMs });
}

async function library(fill: (root: string) => Promise<void>, settleMs = 200): Promise<Library> {
  const studio = await temporaryStudio();
  const root = await mkdtemp(join(tmpdir(), 'vvtv-library-'));
  await fill(root);
  await studio.writer.run('library.addFolder', { id: 'folder', channelId: 'main', path: root, atMs: 1 });
  const { reader } = studio;
  const watcher = watch(studio, settleMs);
  return {
    studio,
    root,
    watcher,
    states: () => {
      const plans = reader.plans({ channelId: 'main', limit: 100 });
      return Object.fromEntries(plans.map((plan) => [plan.locator.slice(root.length + 1), plan.state]));
    },
    async [Symbol.asyncDispose]() {
      await watcher.stop();
      await rm(root, { recursive: true, force: true });
      await studio[Symbol.asyncDispose]();
    },
  };
}

test('odd names, nested folders and loops become plans; parts, hidden and temporary files do not', async () => {
  const wanted = [
    "it's “quoted”.mp4",
    '🌸 花.mkv',
    'new\nline.mov',
    '-dash.webm',
    'deep/er/UPPER.AVI',
    'hls/master.m3u8',
  ];
  await using lib = await library(async (root) => {
    await mkdir(join(root, 'deep/er'), { recursive: true });
    await mkdir(join(root, 'hls'));
    for (const name of wanted) await writeFile(join(root, name), 'x');
    await writeFile(join(root, 'hls/master.m3u8'), '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n');
    await writeFile(join(root, 'hls/low.m3u8'), '#EXTM3U\n#EXTINF:6,\nseg%200.ts\n');
    for (const name of ['hls/seg 0.ts', '.hidden.mp4', 'film.mp4.part', 'film.mkv~', 'notes.txt', 'half.mp4'])
      await writeFile(join(root, name), 'x');
    await writeFile(join(root, 'half.mp4.aria2'), 'x');
    await symlink(root, join(root, 'deep/loop'));
    await symlink(join(root, 'nowhere'), join(root, 'dangling.mp4'));
  });
  lib.watcher.wake();
  await until('all plans', () => Object.keys(lib.states()).length >= wanted.length);
  assert.deepEqual(Object.keys(lib.states()).sort(), [...wanted].sort());
});

test('pipes, devices and links to everywhere neither block nor widen the library; what cannot be read is told', {
  skip: process.platform === 'win32' && 'there are no such files',
}, async () => {
  await using lib = await library(async (root) => {
    await writeFile(join(root, 'one.mp4'), 'x');
    for (let count = 0; count < 6; count++)
      await run('mkfifo', [join(root, `${count}.m3u8`), join(root, `${count}.mp4`)]);
    await symlink('/dev/zero', join(root, 'zero.m3u8'));
    await symlink('/proc', join(root, 'kernel'));
    await symlink('/', join(root, 'everything'));
    await symlink('..', join(root, 'above'));
    if (process.platform === 'linux') await writeFile(Buffer.from(`${root}/caf\xe9.mp4`, 'latin1'), 'x');
  });
  lib.watcher.wake();
  const troubles = () => lib.studio.reader.openIncidents('main').map(({ message }) => message);
  await until('the plan', () => lib.states()['one.mp4'] === 'planned');
  assert.deepEqual(Object.keys(lib.states()), ['one.mp4']);
  if (process.platform !== 'linux') return;
  assert.equal(troubles().length, 1);
  assert.match(troubles()[0] ?? '', /no valid UTF-8/);
});

test('a file that is being copied is not taken before it rests', async () => {
  await using lib = await library((root) => writeFile(join(root, 'growing.mp4'), 'x'), 1000);
  lib.watcher.wake();
  const path = join(lib.root, 'growing.mp4');
  for (let step = 0; step < 12; step++) {
    await appendFile(path, 'more');
    await delay(250);
    assert.deepEqual(lib.states(), {});
  }
  await until('the plan', () => lib.states()['growing.mp4'] === 'planned');
  const [plan] = lib.studio.reader.plans({ channelId: 'main', limit: 1 });
  assert.equal(plan?.fileBytes, 1 + 12 * 4);
});

test('new files join, removed ones expire, and a restart adds nothing again', async () => {
  await using lib = await library((root) => writeFile(join(root, 'one.mp4'), 'x'));
  lib.watcher.wake();
  await until('the first', () => lib.states()['one.mp4'] === 'planned');
  await mkdir(join(lib.root, 'later'));
  await writeFile(join(lib.root, 'later/two.mp4'), 'xx');
  await until('the second', () => lib.states()['later/two.mp4'] === 'planned');
  await rm(join(lib.root, 'one.mp4'));
  await until('the end of the first', () => lib.states()['one.mp4'] === 'expired');
  await lib.watcher.stop();

  lib.studio.changes.length = 0;
  const second = watch(lib.studio, 200);
  await using _ = { [Symbol.asyncDispose]: () => second.stop() };
  second.wake();
  await writeFile(join(lib.root, 'three.mp4'), 'xxx');
  await until('the third', () => lib.states()['three.mp4'] === 'planned');
  assert.deepEqual(lib.studio.changes, [['plans']]);
});

test('a library that cannot be read is an incident, and its files are not taken for gone', async () => {
  await using lib = await library((root) => writeFile(join(root, 'one.mp4'), 'x'));
  lib.watcher.wake();
  await until('the plan', () => lib.states()['one.mp4'] === 'planned');
  await rename(lib.root, `${lib.root}-away`);
  const codes = () => lib.studio.reader.openIncidents('main').map(({ code }) => code);
  lib.watcher.wake();
  await until('the incident', () => codes().includes('library_unreadable'));
  assert.equal(lib.states()['one.mp4'], 'planned');
  // Put right while nobody was looking: the next watcher ends what the one before has told.
  await lib.watcher.stop();
  await rename(`${lib.root}-away`, lib.root);
  const second = watch(lib.studio, 200);
  await using _ = { [Symbol.asyncDispose]: () => second.stop() };
  second.wake();
  await until('its end', () => codes().length === 0);
});

test('5,000 files are found without holding up the event loop', async () => {
  await using lib = await library(async (root) => {
    for (let folder = 0; folder < 25; folder++) {
      await mkdir(join(root, `f${folder}`));
      await Promise.all(Array.from({ length: 200 }, (_, n) => writeFile(join(root, `f${folder}`, `${n}.mp4`), '')));
    }
  });
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  await delay(500);
  // A busy machine delays an idle loop as well: that is not ours.
  const idleMs = loop.percentile(99) / 1e6;
  loop.reset();
  lib.watcher.wake();
  await until('5,000 plans', () => lib.studio.reader.planCounts('main').planned === 5_000, 500);
  loop.disable();
  const p99Ms = loop.percentile(99) / 1e6;
  assert.ok(p99Ms < 50 + 3 * idleMs, `p99 of the loop delay was ${p99Ms} ms (${idleMs} ms when idle)`);
});
