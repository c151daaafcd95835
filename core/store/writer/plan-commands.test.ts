import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import { PLAN_EDGES, PLAN_STATES, type PlanState } from '../../contract/plan-state.ts';
import type { StoreWriter } from './store-writer.ts';

const reason = { code: 'too_short', message: 'Too short.', gate: 'duration', value: 0.1, limit: 0.5 };

const file = (id: string, fileBytes = 10, fileModifiedMs = 5) => ({
  id,
  sourceKind: 'folder' as const,
  locator: `/library/${id}`,
  title: id,
  fileBytes,
  fileModifiedMs,
});

const discover = (writer: StoreWriter, plans: ReturnType<typeof file>[], atMs = 10) =>
  writer.run('plan.discover', { channelId: 'main', plans, atMs });

/** The states to walk through from `planned`, shortest first. */
function pathTo(target: PlanState): PlanState[] {
  const paths: PlanState[][] = [['planned']];
  for (const path of paths) {
    const last = path.at(-1) ?? 'planned';
    if (last === target) return path.slice(1);
    for (const next of PLAN_EDGES[last]) if (!path.includes(next)) paths.push([...path, next]);
  }
  throw new Error(`${target} cannot be reached`);
}

test('every edge of the state machine is stored, every other one refused without a trace', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  const move = (planId: string, to: PlanState) => writer.run('plan.transition', { planId, to, reason, atMs: 20 });
  for (const from of PLAN_STATES)
    for (const to of PLAN_STATES) {
      const id = `${from}-${to}`;
      await discover(writer, [file(id)]);
      await Promise.all(pathTo(from).map((state) => move(id, state)));
      assert.equal(reader.plan(id)?.state, from);
      if (from === to || PLAN_EDGES[from].includes(to)) {
        await move(id, to);
        assert.equal(reader.plan(id)?.state, to);
        const hasReason = to === 'rejected' || to === 'failed' || to === 'expired';
        assert.deepEqual(reader.plan(id)?.reason, hasReason ? reason : null);
      } else {
        await assert.rejects(move(id, to), { code: 'CONFLICT' });
        assert.equal(reader.plan(id)?.state, from);
      }
    }
});

test('discovering the same files again changes nothing; a changed rejected file is planned again', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  assert.deepEqual(await discover(writer, [file('a'), file('b')]), { added: 2, changed: 0 });
  assert.deepEqual(await discover(writer, [file('a'), file('b')]), { added: 0, changed: 0 });
  await writer.run('plan.transition', { planId: 'a', to: 'rejected', reason, atMs: 11, contentHash: 'old' });
  assert.deepEqual(await discover(writer, [file('a')]), { added: 0, changed: 0 });
  assert.equal(reader.plan('a')?.state, 'rejected');
  assert.deepEqual(await discover(writer, [{ ...file('a'), fileBytes: 11 }]), { added: 0, changed: 1 });
  const plan = reader.plan('a');
  assert.equal(plan?.state, 'planned');
  assert.equal(plan?.reason, null);
  assert.equal(plan?.contentHash, null);
  assert.equal(plan?.fileBytes, 11);
});

test('a vanished file expires its plan and its waiting job, and is planned again when it comes back', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  await studio.addReadyAsset('prepared');
  await discover(writer, [file('a')]);
  await writer.run('plan.select', { channelId: 'main', planIds: ['a'], atMs: 11 });
  const vanish = { channelId: 'main', locators: ['/library/a', '/library/prepared.mp4', '/unknown'], atMs: 12 };
  await writer.run('plan.vanish', vanish);
  await writer.run('plan.vanish', vanish);
  assert.equal(reader.plan('a')?.reason?.code, 'vanished');
  assert.equal(reader.plan('plan-prepared')?.state, 'ready');
  const claim = { owner: 'o', kinds: ['prepare' as const], leaseMs: 10, atMs: 13 };
  assert.equal(await writer.run('job.claim', claim), null);
  await discover(writer, [file('a')]);
  assert.equal(reader.plan('a')?.state, 'planned');
});

test('a prepared file that is replaced is prepared anew, while its asset stays in the queue', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  await studio.addReadyAsset('one');
  const locator = reader.plan('plan-one')?.locator ?? '';
  await writer.run('queue.add', {
    id: 'q',
    channelId: 'main',
    assetId: 'one',
    where: 'end',
    origin: 'operator',
    atMs: 20,
  });
  const replaced = { ...file('ignored', 99, 99), locator };
  assert.deepEqual(await discover(writer, [replaced]), { added: 0, changed: 1 });
  assert.deepEqual(await discover(writer, [replaced]), { added: 0, changed: 0 });
  assert.equal(reader.plan('plan-one')?.state, 'selected');
  assert.equal(reader.queueLength('main'), 1);
  const claim = { owner: 'o', kinds: ['prepare' as const], leaseMs: 1000, atMs: 23 };
  assert.equal((await writer.run('job.claim', claim))?.subjectId, 'plan-one');
});

test('retry gives a failed plan a fresh job, once', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  await discover(writer, [file('a')]);
  await assert.rejects(writer.run('plan.retry', { planId: 'a', atMs: 12 }), { code: 'CONFLICT' });
  await assert.rejects(writer.run('plan.retry', { planId: 'none', atMs: 12 }), { code: 'NOT_FOUND' });
  await writer.run('plan.transition', { planId: 'a', to: 'rejected', reason, atMs: 11 });
  await writer.run('plan.retry', { planId: 'a', atMs: 12 });
  await writer.run('plan.retry', { planId: 'a', atMs: 12 });
  assert.equal(reader.plan('a')?.state, 'selected');
  const claim = { owner: 'o', kinds: ['prepare' as const], leaseMs: 1000, atMs: 13 };
  assert.equal((await writer.run('job.claim', claim))?.subjectId, 'a');
  assert.equal(await writer.run('job.claim', claim), null);
});

test('preparing a plan again retires its earlier asset, takes that out of the queue and ends its incidents', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  const first = await studio.addReadyAsset('one');
  const add = { channelId: 'main', assetId: 'one', where: 'end' as const, origin: 'operator' as const, atMs: 20 };
  await writer.run('queue.add', { id: 'q', ...add });
  await writer.run('asset.setState', { assetId: 'one', state: 'damaged', atMs: 21 });
  const incident = { channelId: 'main', severity: 'warning' as const, message: 'm', atMs: 21 };
  await writer.run('incident.open', { id: 'i1', code: 'asset_damaged', subject: 'one', ...incident });
  await writer.run('incident.open', { id: 'i2', code: 'prepare_failed', subject: 'plan-one', ...incident });
  assert.equal(reader.plan('plan-one')?.reason?.code, 'asset_damaged');
  assert.equal(reader.queueLength('main'), 0);
  await writer.run('plan.retry', { planId: 'plan-one', atMs: 22 });
  await writer.run('plan.transition', { planId: 'plan-one', to: 'inspecting', reason: null, atMs: 23 });
  const certify = { asset: { ...first, id: 'two' }, contentHash: 'h', atMs: 24 };
  await writer.run('asset.certify', certify);
  await writer.run('asset.certify', certify);
  assert.equal(reader.plan('plan-one')?.assetId, 'two');
  assert.equal(reader.asset('one')?.state, 'retired');
  assert.deepEqual(reader.openIncidents('main'), []);
  assert.deepEqual(
    reader.readyAssets('main').map(({ id }) => id),
    ['two'],
  );
});

test('certifying is refused as a whole when the plan may not become ready', async () => {
  await using studio = await temporaryStudio();
  const asset = await studio.addReadyAsset('one');
  await discover(studio.writer, [file('late')]);
  const certify = { asset: { ...asset, id: 'other', planId: 'late' }, contentHash: 'h', atMs: 24 };
  await assert.rejects(studio.writer.run('asset.certify', certify), { code: 'CONFLICT' });
  assert.equal(studio.reader.asset('other'), null);
});
