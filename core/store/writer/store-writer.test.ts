import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStudio } from '../../../tests/support/temporary-studio.ts';

test('a failing command fails alone, and the topics of a commit are told once', async () => {
  await using studio = await temporaryStudio();
  studio.changes.length = 0;
  const results = await Promise.allSettled([
    studio.writer.run('setting.set', { key: 'a', value: { deep: [1, 2] } }),
    studio.writer.run('queue.add', {
      id: 'q1',
      channelId: 'main',
      assetId: 'nothing',
      where: 'end',
      origin: 'operator',
      atMs: 2,
    }),
    studio.writer.run('setting.set', { key: 'b', value: 'two' }),
  ]);
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.ok(results[1]?.status === 'rejected');
  assert.equal(results[1].reason.code, 'NOT_FOUND');
  assert.deepEqual(studio.reader.setting('a'), { deep: [1, 2] });
  assert.equal(studio.reader.setting('b'), 'two');
  assert.deepEqual(studio.changes, [['settings']]);
});

test('a command that changes nothing wakes nobody', async () => {
  await using studio = await temporaryStudio();
  await studio.writer.run('setting.set', { key: 'a', value: 1 });
  studio.changes.length = 0;
  await studio.writer.run('setting.set', { key: 'a', value: 1 });
  await studio.writer.run('library.removeFolder', { id: 'none' });
  assert.deepEqual(studio.changes, []);
});

test('unknown commands and bad arguments are answered, not run', async () => {
  await using studio = await temporaryStudio();
  const outcomes = await studio.writer.runBatch([
    { name: 'drop.everything', args: {} },
    { name: 'setting.set', args: { key: 5 } },
    { name: 'setting.set', args: { key: 'ok', value: true } },
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
    ['BAD_ARGUMENT', 'BAD_ARGUMENT', 'ok'],
  );
});

test('after close every command rejects', async () => {
  const studio = await temporaryStudio();
  const last = studio.writer.run('setting.set', { key: 'last', value: 1 });
  await studio[Symbol.asyncDispose]();
  assert.equal(await last, null);
  await assert.rejects(studio.writer.run('setting.set', { key: 'late', value: 1 }), { code: 'INTERNAL' });
});

test('a certified asset makes its plan ready', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('one');
  assert.equal(studio.reader.plan('plan-one')?.state, 'ready');
  assert.equal(studio.reader.plan('plan-one')?.assetId, 'one');
  assert.equal(studio.reader.assetByContentHash('main', 'hash-one')?.id, 'one');
  assert.deepEqual(
    studio.reader.readyAssets('main').map((asset) => asset.id),
    ['one'],
  );
  assert.equal(studio.reader.planCounts('main').ready, 1);
});
