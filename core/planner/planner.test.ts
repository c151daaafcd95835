import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleAsset, type TemporaryStudio, temporaryStudio } from '../../tests/support/temporary-studio.ts';
import { DEFAULT_PROFILE, profileId } from '../contract/profile.ts';
import { createLogger } from '../platform/logger.ts';
import { Planner } from './planner.ts';
import { chooseNext } from './rotation.ts';

const MINUTE_FRAMES = 1824;
const atMs = 5_000_000;

function plannerOf({ reader, writer }: TemporaryStudio): Planner {
  const clock = { wallMs: () => atMs, monotonicMs: () => 0 };
  return new Planner({
    reader,
    store: writer,
    channelId: 'main',
    choose: chooseNext,
    clock,
    logger: createLogger('planner-test'),
  });
}

async function addAssets(studio: TemporaryStudio, names: string[], frames = MINUTE_FRAMES): Promise<void> {
  await Promise.all(names.map((name) => studio.addReadyAsset(name, frames)));
}

const names = (count: number, prefix = 'a'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`);

/** The item on air ends, the next one starts: two journal lines from `seq` on. */
async function goOn(studio: TemporaryStudio, seq: number): Promise<void> {
  const end = {
    seq,
    atMs,
    type: 'end' as const,
    asRunId: `run-${seq - 1}`,
    queueItemId: studio.reader.queue('main', 1)[0]?.item.id ?? null,
    toFrame: MINUTE_FRAMES,
    reason: 'finished' as const,
    willResume: false,
  };
  const onAir = studio.reader.queue('main', 1)[0]?.item.state === 'on_air';
  const head = studio.reader.queue('main', 2).find((entry) => entry.item.state === 'queued');
  assert.ok(head);
  const start = {
    seq: seq + 1,
    atMs,
    type: 'start' as const,
    asRunId: `run-${seq + 1}`,
    kind: 'asset' as const,
    queueItemId: head.item.id,
    assetId: head.asset.id,
    title: head.asset.title,
    fromFrame: 0,
    frames: head.asset.frames,
    resumed: false,
  };
  await studio.writer.run('journal.import', { channelId: 'main', entries: onAir ? [end, start] : [start] });
}

test('the queue is filled to its target depth once, with a decision that says why', async () => {
  await using studio = await temporaryStudio();
  await addAssets(studio, names(20));
  await studio.writer.run('setting.set', { key: 'planner.targetBufferHours', value: 1 });
  const planner = plannerOf(studio);
  await planner.pass();
  assert.ok(studio.reader.bufferMs('main') >= 3_600_000);
  assert.ok(studio.reader.bufferMs('main') < 3_600_000 + 61_000);
  const [decision] = studio.reader.decisions('main', 10);
  assert.equal(decision?.kind, 'refill');
  assert.match(decision?.reason ?? '', /drawn from 20 ready assets/);
  const queue = studio.reader.queueOrder('main').map((item) => item.assetId);
  assert.equal(new Set(queue.slice(0, 10)).size, 10);

  studio.changes.length = 0;
  await planner.pass();
  assert.deepEqual(studio.changes, [], 'a second pass changes nothing');
});

test('a library of one short clip fills at most 500 places', async () => {
  await using studio = await temporaryStudio();
  await addAssets(studio, ['only'], 96);
  await plannerOf(studio).pass();
  assert.equal(studio.reader.queueLength('main'), 500);
});

test('long items still make twelve', async () => {
  await using studio = await temporaryStudio();
  await addAssets(studio, names(3), 1_080_000);
  await plannerOf(studio).pass();
  assert.equal(studio.reader.queueLength('main'), 12);
});

test('a new asset joins right after the next three queued items', async () => {
  await using studio = await temporaryStudio();
  await addAssets(studio, names(20));
  const planner = plannerOf(studio);
  await planner.pass();
  for (let seq = 0; seq < 36; seq += 2) await goOn(studio, seq);
  await addAssets(studio, ['fresh1', 'fresh2']);
  await planner.pass();
  const queue = studio.reader.queueOrder('main');
  assert.equal(queue[0]?.state, 'on_air');
  assert.ok(!queue.slice(0, 4).some((item) => item.assetId.startsWith('fresh')));
  const position = queue.findIndex((item) => item.assetId === 'fresh1');
  assert.ok(position >= 4 && position <= 9, `fresh1 stands at ${position}`);
  assert.equal(queue[position + 1]?.assetId, 'fresh2');

  await studio.writer.run('queue.remove', { id: queue[position]?.id ?? '' });
  await planner.pass();
  const near = studio.reader.queueOrder('main').slice(0, 12);
  assert.ok(!near.some((item) => item.assetId === 'fresh1'), 'what the operator removes does not jump back');
});

test('what was planned with a small library is planned again when it grew', async () => {
  await using studio = await temporaryStudio();
  await addAssets(studio, ['a00']);
  const planner = plannerOf(studio);
  await planner.pass();
  assert.equal(new Set(studio.reader.recentAssetIds('main', 1000)).size, 1);
  const kept = studio.reader
    .queueOrder('main')
    .slice(0, 3)
    .map((item) => item.id);
  await addAssets(studio, names(12).slice(1));
  await planner.pass();
  const queue = studio.reader.queueOrder('main');
  assert.deepEqual(
    queue.slice(0, 3).map((item) => item.id),
    kept,
  );
  assert.equal(new Set(queue.slice(10, 30).map((item) => item.assetId)).size, 12);
});

test('at most 24 plans are in work, and a file that was just added gets a place ahead of the backlog', async () => {
  await using studio = await temporaryStudio();
  const discover = (ids: string[], at: number) =>
    studio.writer.run('plan.discover', {
      channelId: 'main',
      plans: ids.map((id) => ({
        id,
        sourceKind: 'folder' as const,
        locator: `/${id}`,
        title: id,
        fileBytes: 1,
        fileModifiedMs: 1,
      })),
      atMs: at,
    });
  await discover(names(50, 'old'), 100);
  const planner = plannerOf(studio);
  await planner.pass();
  assert.equal(studio.reader.planCounts('main').selected, 20);
  await discover(['fresh'], 200);
  await planner.pass();
  assert.equal(studio.reader.plan('fresh')?.state, 'selected');
  const claim = { owner: 'test', kinds: ['prepare' as const], leaseMs: 1000, atMs };
  assert.equal((await studio.writer.run('job.claim', claim))?.subjectId, 'fresh');
  assert.equal((await studio.writer.run('job.claim', claim))?.subjectId, 'old00');
  await planner.pass();
  assert.equal(studio.reader.planCounts('main').selected, 21);
});

test('nothing new is prepared while the disk is full', async () => {
  await using studio = await temporaryStudio();
  const incident = {
    channelId: 'main',
    code: 'disk_full' as const,
    subject: '/',
    severity: 'critical' as const,
    message: 'full',
  };
  await studio.writer.run('incident.open', { id: 'i1', ...incident, atMs });
  await studio.writer.run('plan.discover', {
    channelId: 'main',
    plans: [{ id: 'p', sourceKind: 'folder', locator: '/p', title: 'p', fileBytes: 1, fileModifiedMs: 1 }],
    atMs,
  });
  const planner = plannerOf(studio);
  await planner.pass();
  assert.equal(studio.reader.plan('p')?.state, 'planned');
  await studio.writer.run('incident.resolve', { code: 'disk_full', subject: '/', atMs });
  await planner.pass();
  assert.equal(studio.reader.plan('p')?.state, 'selected');
});

test('joins of the near queue want a crossfade where both assets are long enough', async () => {
  await using studio = await temporaryStudio();
  const long = await studio.addReadyAsset('long', 320);
  const other = await studio.addReadyAsset('other', 320);
  const short = await studio.addReadyAsset('short', 64);
  for (const [index, asset] of [long, other, short, long].entries())
    await studio.writer.run('queue.add', {
      id: `q${index}`,
      channelId: 'main',
      assetId: asset.id,
      where: 'end',
      origin: 'operator',
      atMs,
    });
  await plannerOf(studio).pass();
  assert.equal(studio.reader.transition('long', 'other', long.profileId)?.state, 'wanted');
  assert.equal(studio.reader.transition('other', 'short', long.profileId), null);
  assert.equal(studio.reader.transition('short', 'long', long.profileId), null);
});

test('a lost asset is prepared again by itself, unless it was lost soon after it was made', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  await studio.addReadyAsset('sound', MINUTE_FRAMES, 1000);
  await studio.addReadyAsset('weak', MINUTE_FRAMES, atMs - 60_000);
  await writer.run('asset.setState', { assetId: 'sound', state: 'damaged', atMs });
  await writer.run('asset.setState', { assetId: 'weak', state: 'missing', atMs });
  await plannerOf(studio).pass();
  assert.equal(reader.plan('plan-sound')?.state, 'selected');
  assert.equal(reader.plan('plan-weak')?.state, 'failed');
});

test('when the house format of the channel changes, the library is prepared again and the queue waits for it', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  await addAssets(studio, names(30));
  const planner = plannerOf(studio);
  await planner.pass();
  const profile = { ...DEFAULT_PROFILE, videoBitrateKbps: 2000 };
  await writer.run('channel.ensure', { channelId: 'main', name: 'Test', profile, seed: 'seed', atMs });
  await planner.pass();
  assert.equal(reader.queueLength('main'), 0);
  assert.equal(reader.planCounts('main').selected, 20);
  const claim = { owner: 'test', kinds: ['prepare' as const], leaseMs: 1000, atMs };
  const job = await writer.run('job.claim', claim);
  await writer.run('plan.transition', { planId: job?.subjectId ?? '', to: 'inspecting', reason: null, atMs });
  const asset = { ...exampleAsset('anew', MINUTE_FRAMES), planId: job?.subjectId ?? '', profileId: profileId(profile) };
  await writer.run('asset.certify', { asset, contentHash: null, atMs });
  await planner.pass();
  assert.deepEqual([...new Set(reader.queueOrder('main').map((item) => item.assetId))], ['anew']);
  assert.equal(reader.planCounts('main').selected, 20);
  assert.equal(reader.plan(job?.subjectId ?? '')?.state, 'ready');
});

test('when the house format of the channel changes, what cannot air leaves the queue', async () => {
  await using studio = await temporaryStudio();
  await addAssets(studio, names(3));
  const planner = plannerOf(studio);
  await planner.pass();
  const profile = { ...DEFAULT_PROFILE, videoBitrateKbps: 2000 };
  await studio.writer.run('channel.ensure', { channelId: 'main', name: 'Test', profile, seed: 'seed', atMs });
  const asset = { ...exampleAsset('new', MINUTE_FRAMES), planId: null, profileId: profileId(profile) };
  await studio.writer.run('asset.certify', { asset, contentHash: null, atMs });
  await planner.pass();
  assert.deepEqual([...new Set(studio.reader.queueOrder('main').map((item) => item.assetId))], ['new']);
  studio.changes.length = 0;
  await planner.pass();
  assert.deepEqual(studio.changes, []);
});
