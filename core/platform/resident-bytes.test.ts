import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentBytes } from './resident-bytes.ts';

test('tells the memory of a living process where the system does, and null otherwise', async () => {
  const own = await residentBytes(process.pid);
  if (process.platform === 'linux') {
    assert.ok(own);
    assert.ok(Math.abs(own - process.memoryUsage.rss()) < 32 * 1024 * 1024);
  } else assert.equal(own, null);
  assert.equal(await residentBytes(null), null);
  assert.equal(await residentBytes(2 ** 30), null);
});
