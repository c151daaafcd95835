import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type TemporaryStudio, temporaryStudio } from '../../tests/support/temporary-studio.ts';
import { createLogger } from '../platform/logger.ts';
import { Incidents } from './incidents.ts';
import { StorageKeeper } from './storage-keeper.ts';

const GIB = 2 ** 30;
const DAY_MS = 24 * 3600_000;

/** Real database, real files; only the free space and the time are told. */
function keeperOf(studio: TemporaryStudio) {
  const log = createLogger('test');
  log.level = 'silent';
  const world = { nowMs: Date.now(), free: 100 * GIB };
  const clock = { wallMs: () => world.nowMs, monotonicMs: () => world.nowMs };
  const common = { channelId: 'main', store: studio.writer, reader: studio.reader, clock, log };
  const keeper = new StorageKeeper({
    ...{ ...common, paths: studio.paths, incidents: new Incidents(common), status: () => null },
    freeBytes: async () => ({ free: world.free, total: 200 * GIB }),
  });
  return { keeper, world };
}

/** An asset with a file of 1000 bytes, whose source is a real file too. */
async function addAsset(studio: TemporaryStudio, id: string): Promise<void> {
  await studio.addReadyAsset(id);
  await put(studio.paths.asset(id).media);
}

async function put(path: string, atMs?: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'x'.repeat(1000));
  if (atMs !== undefined) {
    await utimes(path, atMs / 1000, atMs / 1000);
    await utimes(dirname(path), atMs / 1000, atMs / 1000);
  }
  return path;
}

test('orphans of both kinds are settled, a dry run changes nothing, a restart finds nothing more', async () => {
  await using studio = await temporaryStudio();
  const { paths, reader } = studio;
  const { keeper, world } = keeperOf(studio);
  for (const id of ['kept', 'lost', 'other']) await addAsset(studio, id);
  await rm(paths.asset('lost').folder, { recursive: true });
  const pair = { id: 't1', fromAssetId: 'kept', toAssetId: 'other', profileId: 'p' };
  await studio.writer.run('transition.want', { channelId: 'main', pairs: [pair], atMs: 1 });
  await studio.writer.run('transition.ready', { id: 't1', frames: 32, bytes: 1, headerHash: 'h', atMs: 1 });
  const old = world.nowMs - 5 * DAY_MS;
  const orphans = [
    await put(paths.asset('nobody').media, old),
    await put(join(paths.transitions, 'unknown.ts'), old),
    await put(join(paths.work, 'prepare_gone', 'half.ts'), old),
    await put(join(paths.root, 'studio.sqlite.restoring-0000'), old),
  ];
  const young = await put(paths.asset('just-made').media);

  const dry = await keeper.clean(true);
  const kinds = dry.actions.map(({ kind }) => kind).sort();
  assert.deepEqual(kinds, ['forget_transition', 'mark_missing', 'remove', 'remove', 'remove', 'remove']);
  assert.ok(orphans.every(existsSync));
  assert.equal(reader.asset('lost')?.state, 'ready');

  assert.deepEqual((await keeper.clean(false)).actions, dry.actions);
  assert.ok(!orphans.some(existsSync));
  assert.ok(existsSync(young) && existsSync(paths.asset('kept').media));
  assert.equal(reader.asset('lost')?.state, 'missing');
  assert.equal(reader.plan('plan-lost')?.state, 'failed');
  assert.equal(reader.transitionById('t1'), null);
  assert.deepEqual((await keeper.clean(false)).actions, []);
});

test('a retired asset goes after its days of grace', async () => {
  await using studio = await temporaryStudio();
  const { keeper, world } = keeperOf(studio);
  await addAsset(studio, 'a');
  await studio.writer.run('asset.setState', { assetId: 'a', state: 'retired', atMs: 1 });
  assert.deepEqual((await keeper.clean(false)).actions, []);
  world.nowMs += 2 * DAY_MS;
  assert.deepEqual((await keeper.clean(false)).actions, []);
  world.nowMs += 2 * DAY_MS;
  assert.equal((await keeper.clean(false)).freedBytes, 1000);
  assert.ok(!existsSync(studio.paths.asset('a').folder));
});

test('below the mark what aired longest ago goes, its plan is planned again, the operator’s file stays; then it is over', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader, paths } = studio;
  const { keeper, world } = keeperOf(studio);
  const source = join(paths.root, 'library');
  const ids = Array.from({ length: 16 }, (_, n) => `a${String(n).padStart(2, '0')}`);
  for (const [n, id] of ids.entries()) {
    await addAsset(studio, id);
    const where = 'end' as const;
    await writer.run('queue.add', { id: `q${id}`, channelId: 'main', assetId: id, where, origin: 'planner', atMs: n });
    const at = { queueItemId: `q${id}`, asRunId: `r${id}` };
    const start = { assetId: id, kind: 'asset' as const, title: id, fromFrame: 0, frames: 320, resumed: false };
    const end = { toFrame: 320, reason: 'finished' as const, willResume: false };
    await writer.run('journal.import', {
      channelId: 'main',
      entries: [
        { type: 'start', seq: 2 * n, atMs: 1000 + 2 * n, ...at, ...start },
        { type: 'end', seq: 2 * n + 1, atMs: 1001 + 2 * n, ...at, ...end },
      ],
    });
  }
  // The first to have aired is queued again; the second one's source is gone; the sources of the others are there.
  const again = { id: 'again', channelId: 'main', assetId: 'a00', where: 'end', origin: 'planner', atMs: 99 } as const;
  await writer.run('queue.add', again);
  world.free = 4 * GIB - 1;
  assert.ok(
    (await keeper.clean(true)).actions.every(({ kind }) => kind !== 'evict'),
    'no source, nothing to evict',
  );
  await using _links = await realSources(studio, ids.slice(2), source);

  await keeper.check();
  const evicted = ids.filter((id) => reader.asset(id)?.state === 'retired');
  assert.deepEqual(evicted, ['a02', 'a03', 'a04', 'a05']);
  for (const id of evicted) {
    assert.ok(!existsSync(paths.asset(id).folder));
    assert.ok(existsSync(join(source, `${id}.mp4`)));
    const plan = reader.plan(`plan-${id}`);
    assert.ok(plan?.state === 'planned' && plan.assetId === null);
  }
  const codes = (): string[] => reader.openIncidents('main').map(({ code }) => code);
  assert.deepEqual(codes(), ['storage_low']);
  assert.deepEqual(await writer.run('asset.evict', { assetId: 'a00', atMs: 5 }), { evicted: false });

  world.nowMs += 1000;
  world.free = 9 * GIB;
  await keeper.check();
  await writer.run('setting.set', { key: 'x', value: 1 });
  assert.deepEqual(codes(), []);
  const report = await keeper.report();
  assert.deepEqual(report.forecast, { state: 'unknown', samples: 2 });
  assert.equal(report.usage.find(({ part }) => part === 'assets')?.bytes, 12_000);
});

/** Points the plans at files that exist. */
async function realSources(studio: TemporaryStudio, ids: readonly string[], folder: string): Promise<AsyncDisposable> {
  const { default: SqliteDatabase } = await import('better-sqlite3');
  const db = new SqliteDatabase(studio.paths.studioDb);
  for (const id of ids) {
    const path = await put(join(folder, `${id}.mp4`));
    db.prepare('UPDATE plans SET locator = ? WHERE id = ?').run(path, `plan-${id}`);
  }
  db.close();
  return { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
