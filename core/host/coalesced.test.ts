import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coalesced } from './coalesced.ts';

test('runs one at a time, once more for any number of calls, and goes on after a failure', async () => {
  let runs = 0;
  let active = 0;
  let gate = Promise.withResolvers<void>();
  const ask = coalesced(async () => {
    runs += 1;
    active += 1;
    assert.equal(active, 1);
    await gate.promise;
    active -= 1;
    if (runs === 1) throw new Error('first');
  });
  const first = ask();
  const later = [ask(), ask(), ask()];
  gate.resolve();
  await assert.rejects(first, /first/);
  await Promise.all(later);
  assert.equal(runs, 2);
  gate = Promise.withResolvers();
  gate.resolve();
  await ask();
  assert.equal(runs, 3);
});
