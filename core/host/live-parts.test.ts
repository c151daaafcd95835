import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveEvent } from '../contract/control-api.ts';
import { systemClock } from '../platform/clock.ts';
import { LiveParts } from './live-parts.ts';

const queue = (total: number): LiveEvent => ({ type: 'queue', items: [], total });
const asRun: LiveEvent = { type: 'asRun', rows: [] };

test('a snapshot of every part first, then only what changed', async () => {
  const parts = new LiveParts(systemClock);
  parts.put(queue(1));
  parts.put(asRun);
  const abort = new AbortController();
  const stream = parts.follow(abort.signal);
  assert.deepEqual((await stream.next()).value, queue(1));
  assert.deepEqual((await stream.next()).value, asRun);
  assert.equal(parts.followers, 1);
  parts.put(queue(1));
  const next = stream.next();
  parts.put(queue(2));
  assert.deepEqual((await next).value, queue(2));
  abort.abort();
  assert.equal((await stream.next()).done, true);
  assert.equal(parts.followers, 0);
});

test('a slow follower gets the newest value, not a backlog', async () => {
  const parts = new LiveParts(systemClock);
  parts.put(queue(0));
  const stream = parts.follow(undefined);
  await stream.next();
  for (let total = 1; total <= 10_000; total++) parts.put(queue(total));
  assert.deepEqual((await stream.next()).value, queue(10_000));
  await stream.return();
});
