import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TemporaryStudio, temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import type { JournalEntry } from '../../contract/journal.ts';

const FRAMES = 320;

type Start = Extract<JournalEntry, { type: 'start' }>;
type End = Extract<JournalEntry, { type: 'end' }>;

const start = (seq: number, item: string | null, more: Partial<Start> = {}): JournalEntry => ({
  seq,
  atMs: 1000 + seq,
  type: 'start',
  asRunId: `r${seq}`,
  kind: item === null ? 'emergency' : 'asset',
  queueItemId: item,
  assetId: item === null ? null : `asset-${item}`,
  title: item ?? 'Emergency',
  fromFrame: 0,
  frames: FRAMES,
  resumed: false,
  ...more,
});

const end = (seq: number, started: number, item: string | null, more: Partial<End> = {}): JournalEntry => ({
  seq,
  atMs: 1000 + seq,
  type: 'end',
  asRunId: `r${started}`,
  queueItemId: item,
  toFrame: FRAMES,
  reason: 'finished',
  willResume: false,
  ...more,
});

async function withQueue(items: string[]): Promise<TemporaryStudio> {
  const studio = await temporaryStudio();
  for (const item of items) {
    await studio.addReadyAsset(`asset-${item}`, FRAMES);
    const args = { id: item, channelId: 'main', assetId: `asset-${item}`, where: 'end' as const };
    await studio.writer.run('queue.add', { ...args, origin: 'planner', atMs: 1 });
  }
  return studio;
}

const load = (studio: TemporaryStudio, entries: JournalEntry[]) =>
  studio.writer.run('journal.import', { channelId: 'main', entries });

const queueOf = (studio: TemporaryStudio) => studio.reader.queueOrder('main').map(({ id, state }) => `${id} ${state}`);

test('an item goes on air, ends, and leaves the queue; its asset counts it once', async () => {
  await using studio = await withQueue(['a', 'b']);
  const { reader } = studio;
  assert.equal(reader.journalCursor('main'), -1);
  await load(studio, [start(0, 'a')]);
  assert.deepEqual(queueOf(studio), ['a on_air', 'b queued']);
  assert.equal(reader.plan('plan-asset-a')?.state, 'on_air');
  await load(studio, [end(1, 0, 'a'), start(2, 'b')]);
  assert.deepEqual(queueOf(studio), ['b on_air']);
  assert.equal(reader.plan('plan-asset-a')?.state, 'played');
  assert.equal(reader.asset('asset-a')?.airedCount, 1);
  assert.equal(reader.asset('asset-a')?.lastAiredMs, 1001);
  assert.deepEqual(
    reader.asRun('main', 10).map(({ id, endReason, toFrame }) => [id, endReason, toFrame]),
    [
      ['r2', null, null],
      ['r0', 'finished', FRAMES],
    ],
  );
  assert.equal(reader.journalCursor('main'), 2);
  await studio.writer.run('queue.add', {
    id: 'a',
    channelId: 'main',
    assetId: 'asset-a',
    where: 'end',
    origin: 'planner',
    atMs: 9,
  });
  assert.deepEqual(queueOf(studio), ['b on_air'], 'a queue.add that is sent again after it aired adds nothing');
});

test('an interrupted item waits at the head and is resumed; less than half does not count as aired', async () => {
  await using studio = await withQueue(['a', 'b']);
  const { reader } = studio;
  await load(studio, [
    start(0, 'a'),
    end(1, 0, 'a', { toFrame: 100, reason: 'emergency', willResume: true }),
    start(2, null),
  ]);
  assert.deepEqual(queueOf(studio), ['a queued', 'b queued']);
  assert.equal(reader.plan('plan-asset-a')?.state, 'ready');
  await load(studio, [end(3, 2, null, { reason: 'taken' }), start(4, 'a', { fromFrame: 100, resumed: true })]);
  assert.deepEqual(queueOf(studio), ['a on_air', 'b queued']);
  await load(studio, [end(5, 4, 'a', { toFrame: 150, reason: 'skipped' })]);
  assert.deepEqual(queueOf(studio), ['b queued']);
  assert.equal(reader.asset('asset-a')?.airedCount, 0);
  assert.equal(reader.plan('plan-asset-a')?.state, 'played');
});

test('a lost end line is made up for by the next start', async () => {
  await using studio = await withQueue(['a', 'b']);
  await load(studio, [start(0, 'a'), start(1, 'b')]);
  assert.deepEqual(queueOf(studio), ['b on_air']);
  const [, lost] = studio.reader.asRun('main', 10);
  assert.equal(lost?.endReason, 'engine_lost');
  assert.equal(lost?.endedAtMs, 1001);
  await load(studio, [start(2, 'b', { fromFrame: 64, resumed: true })]);
  assert.deepEqual(queueOf(studio), ['b on_air']);
  await load(studio, [start(3, null)]);
  assert.deepEqual(queueOf(studio), ['b queued']);
});

test('damage takes the asset out, fails its plan and opens an incident; a damaged transition is not used again', async () => {
  await using studio = await withQueue(['a', 'b', 'c']);
  const { reader, writer } = studio;
  const profileId = reader.channel('main')?.profileId ?? '';
  await writer.run('transition.want', {
    channelId: 'main',
    pairs: [{ id: 't1', fromAssetId: 'asset-a', toAssetId: 'asset-b', profileId }],
    atMs: 1,
  });
  const damage = (seq: number, assetId: string | null, path: string): JournalEntry => ({
    seq,
    atMs: 1,
    type: 'damage',
    assetId,
    path,
    atFrame: 7,
    detail: 'checksum',
  });
  await load(studio, [damage(0, 'asset-b', '/d/media.ts'), damage(1, null, '/data/transitions/t1.ts')]);
  assert.equal(reader.asset('asset-b')?.state, 'damaged');
  assert.equal(reader.plan('plan-asset-b')?.state, 'failed');
  assert.deepEqual(queueOf(studio), ['a queued', 'c queued']);
  assert.equal(reader.transitionById('t1')?.state, 'failed');
  assert.deepEqual(
    reader
      .openIncidents('main')
      .map(({ code, subject }) => `${code} ${subject}`)
      .sort(),
    ['asset_damaged asset-b', 'piece_damaged /data/transitions/t1.ts'],
  );
});

const journals = fc.array(fc.constantFrom('finish', 'skip', 'emergency', 'damage', 'mode', 'lose'), { maxLength: 12 });

/** A journal as an engine would write it for a queue of `a`, `b`, `c`, `d`. */
function makeJournal(steps: string[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const items = ['a', 'b', 'c', 'd'];
  const add = (entry: (seq: number) => JournalEntry): number => entries.push(entry(entries.length)) - 1;
  for (const [index, step] of steps.entries()) {
    const item = items[index % items.length] ?? 'a';
    const started = add((seq) => start(seq, item));
    if (step === 'finish') add((seq) => end(seq, started, item));
    if (step === 'skip') add((seq) => end(seq, started, item, { reason: 'skipped', toFrame: 200 }));
    if (step === 'emergency') {
      add((seq) => end(seq, started, item, { reason: 'emergency', toFrame: 50, willResume: true }));
      add((seq) => start(seq, null));
    }
    if (step === 'damage')
      add((seq) => ({ seq, atMs: seq, type: 'damage', assetId: `asset-${item}`, path: '/x', atFrame: 1, detail: 'd' }));
    if (step === 'mode') add((seq) => ({ seq, atMs: seq, type: 'mode', emergency: false, hold: true }));
  }
  return entries;
}

function snapshot({ reader }: TemporaryStudio): unknown {
  const assets = ['a', 'b', 'c', 'd'].map((item) => reader.asset(`asset-${item}`));
  return {
    asRun: reader.asRun('main', 1000),
    queue: reader.queueOrder('main'),
    assets: assets.map((asset) => [asset?.state, asset?.airedCount, asset?.lastAiredMs]),
    plans: ['a', 'b', 'c', 'd'].map((item) => reader.plan(`plan-asset-${item}`)?.state),
    incidents: reader.openIncidents('main').map(({ subject, count }) => [subject, count]),
    cursor: reader.journalCursor('main'),
  };
}

test('importing in pieces, from any earlier line again, any number of times, is importing once', async () => {
  await fc.assert(
    fc.asyncProperty(journals, fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 5 }), async (steps, replays) => {
      const journal = makeJournal(steps);
      await using once = await withQueue(['a', 'b', 'c', 'd']);
      await using often = await withQueue(['a', 'b', 'c', 'd']);
      await load(once, journal);
      let done = 0;
      for (const [from, length] of replays) {
        const upTo = Math.min(journal.length, Math.max(done, from + length));
        await load(often, journal.slice(Math.min(from, done), upTo));
        done = upTo;
      }
      await load(often, [...journal, ...journal]);
      assert.deepEqual(snapshot(often), snapshot(once));
    }),
    { numRuns: 12 },
  );
});
