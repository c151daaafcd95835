import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StudioError } from '../../contract/errors.ts';
import type { StoreRequest } from '../../contract/store-commands.ts';
import { PendingBatches } from './pending-batches.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('commands of one turn travel in one message, and every caller gets its own outcome', async () => {
  const sent: { id: number; requests: readonly StoreRequest[] }[] = [];
  const pending = new PendingBatches((id, requests) => sent.push({ id, requests }));
  const calls = Promise.allSettled([
    pending.run('setting.set', { key: 'a', value: 1 }),
    pending.run('queue.remove', { id: 'q' }),
    pending.run('setting.set', { key: 'c', value: 3 }),
  ]);
  assert.equal(sent.length, 0);
  await turn();
  assert.deepEqual(
    sent.map(({ requests }) => requests.map(({ name }) => name)),
    [['setting.set', 'queue.remove', 'setting.set']],
  );
  pending.settle(sent[0]?.id ?? 0, [
    { ok: true, value: null },
    { ok: false, code: 'LOCKED', message: 'on air', detail: { id: 'q' } },
  ]);
  const [first, second, third] = await calls;
  assert.deepEqual(first, { status: 'fulfilled', value: null });
  assert.ok(second?.status === 'rejected' && second.reason instanceof StudioError);
  assert.deepEqual(
    [second.reason.code, second.reason.message, second.reason.detail],
    ['LOCKED', 'on air', { id: 'q' }],
  );
  assert.ok(third?.status === 'rejected' && third.reason.code === 'INTERNAL', 'an answer that is missing is an error');
});

test('when the store goes away everything waiting and everything later is rejected', async () => {
  const pending = new PendingBatches(() => {});
  const sent = pending.run('queue.remove', { id: 'a' });
  await turn();
  const gathered = pending.run('queue.remove', { id: 'b' });
  pending.fail(new StudioError('HOST_NOT_RUNNING', 'the host went away'));
  const later = [pending.run('queue.remove', { id: 'c' }), pending.runBatch([])];
  for (const result of await Promise.allSettled([sent, gathered, ...later]))
    assert.ok(result.status === 'rejected' && result.reason.code === 'HOST_NOT_RUNNING');
});

test('drain sends what is gathered and waits for the answers', async () => {
  const ids: number[] = [];
  const pending = new PendingBatches((id) => ids.push(id));
  const call = pending.run('queue.remove', { id: 'a' });
  let drained = false;
  const drain = pending.drain().then(() => {
    drained = true;
  });
  assert.deepEqual(ids, [1]);
  await turn();
  assert.equal(drained, false);
  pending.settle(1, [{ ok: true, value: null }]);
  await Promise.all([drain, call]);
  assert.ok(drained);
});
