import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type ForkedDaemon, forkDaemon } from '../../tests/support/forked-daemon.ts';
import { makeClip } from '../../tests/support/source-clips.ts';
import { type TemporaryStudio, temporaryStudio } from '../../tests/support/temporary-studio.ts';
import { TINY_PROFILE } from '../../tests/tiny-profile.ts';
import type { Plan } from '../contract/plan.ts';
import { childrenFolder } from '../media/child-record.ts';
import { processIdentity } from '../platform/process-identity.ts';

const MAIN = new URL('./main.ts', import.meta.url);

async function until<T>(what: string, probe: () => T | null | undefined | false): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    const found = probe();
    if (found) return found;
    assert.ok(performance.now() < end, `waited in vain for ${what}`);
    await delay(30);
  }
}

/** A studio with a small profile and a library of these files. */
async function studioWith(fill: (library: string) => Promise<void>) {
  const studio = await temporaryStudio();
  const channel = { channelId: 'main', name: 'Test', profile: TINY_PROFILE, seed: 'seed', atMs: 2 };
  await studio.writer.run('channel.ensure', channel);
  const library = await mkdtemp(join(tmpdir(), 'vvtv-library-'));
  await fill(library);
  await studio.writer.run('library.addFolder', { id: 'folder', channelId: 'main', path: library, atMs: 3 });
  return {
    studio,
    library,
    async [Symbol.asyncDispose]() {
      await rm(library, { recursive: true, force: true });
      await studio[Symbol.asyncDispose]();
    },
  };
}

/** Selects plans as the planner does, until `count` of them have come to an end. */
async function settle(studio: TemporaryStudio, daemon: ForkedDaemon, count: number): Promise<Plan[]> {
  const ended = ['ready', 'rejected', 'failed'];
  return until('the plans to end', () => {
    const plans = studio.reader.plans({ channelId: 'main', limit: 50 });
    selectPlanned(studio, daemon, plans);
    return plans.length === count && plans.every(({ state }) => ended.includes(state)) && plans;
  });
}

function selectPlanned(studio: TemporaryStudio, daemon: ForkedDaemon, plans: Plan[]): void {
  const planIds = plans.filter(({ state }) => state === 'planned').map(({ id }) => id);
  if (planIds.length === 0) return;
  void studio.writer
    .run('plan.select', { channelId: 'main', planIds, atMs: Date.now() })
    .then(() => daemon.send({ type: 'wake', topics: ['jobs'] }));
}

test('a library becomes assets, duplicates and unreadable files are rejected with their reason', async () => {
  await using each = await studioWith(async (library) => {
    await makeClip(join(library, 'one.mp4'), { seconds: 2 });
    await mkdir(join(library, 'copies'));
    await writeFile(join(library, 'copies/twin.mp4'), await readFile(join(library, 'one.mp4')));
    await writeFile(join(library, 'broken.mkv'), 'no video at all');
    await writeFile(join(library, 'locked.mp4'), 'x');
    await chmod(join(library, 'locked.mp4'), 0o000);
  });
  const { studio } = each;
  await using daemon = forkDaemon(studio, MAIN);
  await daemon.message(({ type }) => type === 'ready');
  const plans = await settle(studio, daemon, 4);
  const codes = plans.map(({ state, reason }) => reason?.code ?? state).sort();
  // The superuser may read everything.
  const locked = process.getuid?.() === 0 ? 'unreadable' : 'not_permitted';
  assert.deepEqual(codes, ['duplicate', 'ready', 'unreadable', locked].sort());
  const [asset] = studio.reader.readyAssets('main');
  assert.ok(asset);
  const names = (await readdir(studio.paths.asset(asset.id).folder)).sort();
  assert.deepEqual(names, ['filmstrip.jpg', 'loudness.json', 'media.index.json', 'media.ts', 'poster.jpg']);
  assert.deepEqual(await readdir(studio.paths.work), []);
  daemon.send({ type: 'stop' });
  assert.equal(await daemon.exited, 0);
  assert.deepEqual(await readdir(childrenFolder(studio.paths.run)), []);
});

test('killed with kill -9 while encoding, it leaves no tool behind and the next one goes on', async () => {
  await using each = await studioWith((library) => makeClip(join(library, 'long.mp4'), { seconds: 90 }));
  const { studio } = each;
  const encoding = (daemon: ForkedDaemon) =>
    daemon.messages.some((m) => m.type === 'progress' && m.jobs.some(({ step }) => step === 'normalise'));
  let tools: number[];
  {
    await using first = forkDaemon(studio, MAIN);
    await until('the encode', () => {
      selectPlanned(studio, first, studio.reader.plans({ channelId: 'main', limit: 5 }));
      return encoding(first);
    });
    const records = await readdir(childrenFolder(studio.paths.run));
    tools = records.map((name) => Number(/-(\d+)\.json$/.exec(name)?.[1]));
    assert.ok(tools.length > 0);
  }
  for (const pid of tools) {
    const end = performance.now() + 10_000;
    while ((await processIdentity(pid)) !== null) {
      assert.ok(performance.now() < end, `tool ${pid} is still there`);
      await delay(20);
    }
  }
  await using second = forkDaemon(studio, MAIN);
  const [plan] = await settle(studio, second, 1);
  assert.equal(plan?.state, 'ready');
  const steps = second.messages.flatMap((m) => (m.type === 'progress' ? m.jobs.map(({ step }) => step) : []));
  assert.ok(!steps.includes('listen'), 'the first pass was done again');
  assert.deepEqual(await readdir(studio.paths.work), []);
  assert.equal((await readdir(join(studio.paths.root, 'assets'))).length, 1);
});

test('a file that is taken away while it is prepared leaves nothing behind', async () => {
  await using each = await studioWith((library) => makeClip(join(library, 'brief.mp4'), { seconds: 40 }));
  const { studio, library } = each;
  await using daemon = forkDaemon(studio, MAIN);
  const plan = () => studio.reader.plans({ channelId: 'main', limit: 1 })[0];
  await until('the encode', () => {
    selectPlanned(studio, daemon, studio.reader.plans({ channelId: 'main', limit: 5 }));
    return plan()?.state === 'normalising';
  });
  await rm(join(library, 'brief.mp4'));
  await until('the end of the plan', () => plan()?.state === 'expired');
  const jobs = () => daemon.messages.findLast((m) => m.type === 'progress');
  await until('the end of the job', () => {
    const last = jobs();
    return last?.type === 'progress' && last.jobs.length === 0;
  });
  assert.deepEqual(await readdir(studio.paths.work), []);
  assert.deepEqual(studio.reader.readyAssets('main'), []);
  assert.deepEqual(studio.reader.openIncidents('main'), []);
});

test('a file that is replaced while it is prepared airs as what it is now', async () => {
  await using each = await studioWith((library) => makeClip(join(library, 'take.mp4'), { seconds: 40 }));
  const { studio, library } = each;
  await makeClip(join(library, '.new.mp4'), { seconds: 2 });
  await using daemon = forkDaemon(studio, MAIN);
  const plan = () => studio.reader.plans({ channelId: 'main', limit: 1 })[0];
  await until('the encode', () => {
    selectPlanned(studio, daemon, studio.reader.plans({ channelId: 'main', limit: 5 }));
    return plan()?.state === 'normalising';
  });
  await rename(join(library, '.new.mp4'), join(library, 'take.mp4'));
  await until('the asset', () => plan()?.state === 'ready');
  const assets = studio.reader.readyAssets('main');
  assert.equal(assets.length, 1);
  assert.ok((assets[0]?.durationMs ?? 0) < 3_000, `the asset is ${assets[0]?.durationMs} ms long`);
});

test('a full disk pauses preparing with an incident, and it goes on by itself', async () => {
  await using each = await studioWith((library) => makeClip(join(library, 'one.mp4'), { seconds: 2 }));
  const { studio } = each;
  const set = (value: number) => studio.writer.run('setting.set', { key: 'disk_reserve_bytes', value });
  await set(2 ** 50);
  await using daemon = forkDaemon(studio, MAIN);
  const codes = () => studio.reader.openIncidents('main').map(({ code }) => code);
  await until('the incident', () => codes().includes('disk_full'));
  await set(0);
  const [plan] = await settle(studio, daemon, 1);
  assert.equal(plan?.state, 'ready');
  assert.deepEqual(codes(), []);
});
