import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../platform/clock.ts';
import { type DataPaths, dataPaths } from '../../platform/data-paths.ts';
import { openStudioReader } from '../open-studio-reader.ts';
import { DiskReserve } from './disk-reserve.ts';
import { GroupCommit } from './group-commit.ts';
import { StoreEngine } from './store-engine.ts';

const RESERVE_BYTES = 256 * 1024;

async function openEngine(t: TestContext): Promise<{ engine: StoreEngine; paths: DataPaths }> {
  const root = mkdtempSync(join(tmpdir(), 'vvtv-engine-'));
  const paths = dataPaths(root);
  const engine = await StoreEngine.open({ paths, clock: systemClock, reserveBytes: RESERVE_BYTES, log: () => {} });
  t.after(() => {
    engine.close();
    rmSync(root, { recursive: true, force: true });
  });
  return { engine, paths };
}

const big = (key: string) => ({ name: 'setting.set', args: { key, value: 'x'.repeat(100_000) } });
const small = (key: string) => ({ name: 'setting.set', args: { key, value: 1 } });

test('the reserve is real bytes, made once and given back at once', async (t) => {
  const { engine, paths } = await openEngine(t);
  await engine.keepReserve();
  assert.equal(statSync(paths.reserve).size, RESERVE_BYTES);
  assert.ok(statSync(paths.reserve).blocks * 512 >= RESERVE_BYTES);
  const reserve = new DiskReserve(paths.reserve, RESERVE_BYTES);
  assert.ok(reserve.held);
  assert.ok(reserve.release());
  assert.ok(!reserve.release());
  assert.ok(await reserve.ensure());
});

test('no reserve is made when the volume has no room for it', async (t) => {
  const { paths } = await openEngine(t);
  const reserve = new DiskReserve(`${paths.reserve}.huge`, 2 ** 50);
  assert.equal(await reserve.ensure(), false);
  assert.ok(!existsSync(reserve.path));
});

test('when the disk is full the reserve is given up and the group is tried once more', async (t) => {
  const { engine } = await openEngine(t);
  const { studio, metrics } = engine;
  const limit = (pages: number): unknown => studio.pragma(`max_page_count = ${pages}`);
  limit(Number(studio.pragma('page_count', { simple: true })) + 1);
  let asked = 0;
  const groups = new GroupCommit({
    studio,
    metrics,
    onDiskFull() {
      asked += 1;
      limit(100_000);
      return asked === 1;
    },
  });
  const { outcomes, topics } = groups.run([small('a'), big('b'), small('c')]);
  assert.ok(outcomes.every((outcome) => outcome.ok));
  assert.deepEqual(topics, ['settings']);
  assert.equal(asked, 1);
});

test('when there is nothing left to give up, the whole group is told and nothing of it stays', async (t) => {
  const { engine, paths } = await openEngine(t);
  const { studio, metrics } = engine;
  studio.pragma(`max_page_count = ${Number(studio.pragma('page_count', { simple: true })) + 1}`);
  const groups = new GroupCommit({ studio, metrics, onDiskFull: () => false });
  const { outcomes, topics } = groups.run([
    small('a'),
    big('b'),
    { name: 'metric.add', args: { samples: [{ series: 's', atMs: 1, value: 1 }] } },
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
    ['DISK_FULL', 'DISK_FULL', 'ok'],
  );
  assert.deepEqual(topics, []);
  using reader = openStudioReader(paths.studioDb);
  assert.equal(reader.setting('a'), undefined);
  assert.ok(groups.run([small('d')]).outcomes.every((outcome) => outcome.ok));
});

test('giving up the reserve opens an incident, having it again resolves it', async (t) => {
  const { engine, paths } = await openEngine(t);
  await engine.keepReserve();
  engine.studio.pragma(`max_page_count = ${Number(engine.studio.pragma('page_count', { simple: true })) + 2}`);
  const result = engine.execute([big('b')]);
  assert.ok(!existsSync(paths.reserve));
  assert.ok(!result.outcomes[0]?.ok, 'the limit of this test stays, so the second try fails as well');
  engine.studio.pragma('max_page_count = 100000');
  engine.execute([small('x')]);
  using reader = openStudioReader(paths.studioDb);
  assert.deepEqual(
    reader.openIncidents('main').map(({ code, subject }) => [code, subject]),
    [['disk_full', paths.root]],
  );
  await engine.keepReserve();
  assert.ok(existsSync(paths.reserve));
  assert.deepEqual(reader.openIncidents('main'), []);
});
