import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TemporaryStudio, temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import type { Where } from './queue-order.ts';

const add = (studio: TemporaryStudio, id: string, where: Where = 'end') =>
  studio.writer.run('queue.add', { id, channelId: 'main', assetId: 'a', where, origin: 'operator', atMs: 1 });

const order = (studio: TemporaryStudio): string[] => studio.reader.queueOrder('main').map((item) => item.id);

type Act = { act: 'add' | 'move' | 'remove'; target: number; where: 'end' | 'head' | number };

const acts = fc.array(
  fc.record<Act>({
    act: fc.constantFrom('add', 'add', 'move', 'remove'),
    target: fc.nat(30),
    where: fc.oneof(fc.constantFrom('end' as const, 'head' as const), fc.nat(30)),
  }),
  { maxLength: 60 },
);

/** The queue as a plain array; null when the act is to be refused. */
function applyToModel(model: string[], { act, where }: Act, id: string): string[] | null {
  const rest = model.filter((other) => other !== id);
  if (act === 'remove') return rest;
  if (act === 'move' && !model.includes(id)) return null;
  if (act === 'add' && model.includes(id)) return model;
  if (where === 'end') return [...rest, id];
  if (where === 'head') return [id, ...rest];
  const before = `q${where}`;
  if (before === id) return act === 'move' ? model : null;
  const at = rest.indexOf(before);
  return at === -1 ? null : rest.toSpliced(at, 0, id);
}

test('adding, moving and removing agree with a plain array', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      for (const id of order(studio)) await studio.writer.run('queue.remove', { id });
      let model: string[] = [];
      for (const step of script) {
        const id = `q${step.target}`;
        const where = typeof step.where === 'number' ? { beforeId: `q${step.where}` } : step.where;
        const expected = applyToModel(model, step, id);
        const done =
          step.act === 'add'
            ? add(studio, id, where)
            : step.act === 'move'
              ? studio.writer.run('queue.move', { id, where })
              : studio.writer.run('queue.remove', { id });
        if (expected === null) await assert.rejects(done, { code: 'NOT_FOUND' });
        else await done;
        model = expected ?? model;
      }
      assert.deepEqual(order(studio), model);
    }),
    { numRuns: 40 },
  );
});

test('a thousand insertions at one place keep their order: the queue is numbered again when it gets tight', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  await Promise.all([add(studio, 'first'), add(studio, 'last')]);
  const ids = Array.from({ length: 1000 }, (_, index) => `q${index}`);
  await Promise.all(ids.map((id) => add(studio, id, { beforeId: 'last' })));
  assert.deepEqual(order(studio), ['first', ...ids, 'last']);
  await Promise.all(ids.map((id) => studio.writer.run('queue.move', { id, where: 'head' })));
  assert.deepEqual(order(studio), [...ids.toReversed(), 'first', 'last']);
});

test('the item on air stays first and cannot be touched', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  await Promise.all([add(studio, 'q1'), add(studio, 'q2'), add(studio, 'q3')]);
  const start = { seq: 0, atMs: 5, type: 'start' as const, asRunId: 'r', kind: 'asset' as const, queueItemId: 'q2' };
  await studio.writer.run('journal.import', {
    channelId: 'main',
    entries: [{ ...start, assetId: 'a', title: 'a', fromFrame: 0, frames: 320, resumed: false }],
  });
  assert.deepEqual(order(studio), ['q2', 'q1', 'q3']);
  await add(studio, 'q4', 'head');
  await studio.writer.run('queue.move', { id: 'q3', where: 'head' });
  assert.deepEqual(order(studio), ['q2', 'q3', 'q4', 'q1']);
  await assert.rejects(add(studio, 'q5', { beforeId: 'q2' }), { code: 'LOCKED' });
  await assert.rejects(studio.writer.run('queue.move', { id: 'q1', where: { beforeId: 'q2' } }), { code: 'LOCKED' });
  await assert.rejects(studio.writer.run('queue.move', { id: 'q2', where: 'end' }), { code: 'LOCKED' });
  await assert.rejects(studio.writer.run('queue.remove', { id: 'q2' }), { code: 'LOCKED' });
  assert.equal(studio.reader.queue('main', 1)[0]?.item.state, 'on_air');
});

test('removing tells what to undo; removing again tells nothing', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  await Promise.all([add(studio, 'q1'), add(studio, 'q2')]);
  const removed = await studio.writer.run('queue.remove', { id: 'q1' });
  assert.deepEqual(removed, { assetId: 'a', origin: 'operator', followedBy: 'q2' });
  assert.equal(await studio.writer.run('queue.remove', { id: 'q1' }), null);
});

test('of two planners that extend the same queue, one adds', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  const extend = (afterId: string | null, prefix: string) =>
    studio.writer.run('queue.extend', {
      channelId: 'main',
      afterId,
      items: [1, 2].map((n) => ({ id: `${prefix}${n}`, assetId: 'a' })),
      atMs: 1,
    });
  assert.deepEqual(await Promise.all([extend(null, 'x'), extend(null, 'y')]), [{ added: 2 }, { added: 0 }]);
  assert.deepEqual(await Promise.all([extend('x1', 'z'), extend('x2', 'w')]), [{ added: 0 }, { added: 2 }]);
  assert.deepEqual(order(studio), ['x1', 'x2', 'w1', 'w2']);
});

test('only ready assets can be queued', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  await studio.writer.run('asset.setState', { assetId: 'a', state: 'missing', atMs: 2 });
  await assert.rejects(add(studio, 'q1'), { code: 'CONFLICT' });
});

test('the head of a queue of 20,000 is read within milliseconds', async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  const items = Array.from({ length: 20_000 }, (_, index) => ({ id: `q${index}`, assetId: 'a' }));
  assert.deepEqual(await studio.writer.run('queue.extend', { channelId: 'main', afterId: null, items, atMs: 1 }), {
    added: 20_000,
  });
  const startedMs = process.cpuUsage();
  for (let read = 0; read < 20; read += 1) assert.equal(studio.reader.queue('main', 50).length, 50);
  const { user, system } = process.cpuUsage(startedMs);
  assert.ok((user + system) / 1000 / 20 < 20, `${(user + system) / 1000 / 20} ms of CPU for one read`);
});
