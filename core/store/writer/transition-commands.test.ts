import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TemporaryStudio, temporaryStudio } from '../../../tests/support/temporary-studio.ts';

const claim = { owner: 'o', kinds: ['transition' as const], leaseMs: 1000, atMs: 10 };

const want = (studio: TemporaryStudio, pairs: [string, string, string][]) =>
  studio.writer.run('transition.want', {
    channelId: 'main',
    pairs: pairs.map(([id, fromAssetId, toAssetId]) => ({ id, fromAssetId, toAssetId, profileId: 'p' })),
    atMs: 5,
  });

test('a forgotten crossfade is rendered again when it is wanted again', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  for (const name of ['a', 'b']) await studio.addReadyAsset(name);
  await want(studio, [['t1', 'a', 'b']]);
  await writer.run('transition.forget', { ids: ['t1', 'none'] });
  assert.equal(reader.transitionById('t1'), null);
  await want(studio, [['t2', 'a', 'b']]);
  const job = await writer.run('job.claim', claim);
  assert.equal(job?.subjectId, 't2');
  await writer.run('transition.forget', { ids: ['t2'] });
  assert.equal(reader.transitionById('t2')?.state, 'wanted', 'it is being rendered');
  await writer.run('transition.ready', { id: 't2', frames: 32, bytes: 9, headerHash: 'h', atMs: 11 });
  await writer.run('job.finish', { jobId: job?.id ?? '', owner: 'o', atMs: 12 });
  await writer.run('transition.forget', { ids: ['t2'] });
  assert.equal(reader.transitionById('t2'), null);
});

test('wanted joins become jobs in queue order, what is no longer wanted is dropped, what is running is left', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  for (const name of ['a', 'b', 'c', 'd']) await studio.addReadyAsset(name);
  await want(studio, [
    ['t1', 'a', 'b'],
    ['t2', 'b', 'c'],
    ['t3', 'c', 'd'],
  ]);
  assert.equal((await writer.run('job.claim', claim))?.subjectId, 't1');
  await want(studio, [
    ['t9', 'c', 'd'],
    ['t4', 'd', 'a'],
  ]);
  assert.equal(reader.transitionById('t1')?.state, 'wanted');
  assert.equal(reader.transitionById('t2'), null);
  assert.equal(reader.transition('c', 'd', 'p')?.id, 't3', 'a pair keeps its first id');
  assert.deepEqual(
    [await writer.run('job.claim', claim), await writer.run('job.claim', claim)].map((job) => job?.subjectId),
    ['t3', 't4'],
  );
  await writer.run('transition.ready', { id: 't1', frames: 32, bytes: 9, headerHash: 'h', atMs: 11 });
  assert.deepEqual(reader.transition('a', 'b', 'p')?.state, 'ready');
  await writer.run('transition.failed', { id: 't3', error: 'x', atMs: 11 });
  studio.changes.length = 0;
  await want(studio, [
    ['t7', 'a', 'b'],
    ['t8', 'c', 'd'],
    ['t6', 'd', 'a'],
  ]);
  assert.deepEqual(studio.changes, [], 'ready, failed and running ones are left as they are');
  await assert.rejects(writer.run('transition.failed', { id: 't2', error: 'x', atMs: 11 }), { code: 'NOT_FOUND' });
});
