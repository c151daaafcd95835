import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { choosePort } from './free-port.ts';

test('a taken port is passed over, a free one of the last run is kept', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  t.after(() => holder.close());
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(typeof address === 'object' && address);
  const free = await choosePort([]);
  assert.notEqual(free, address.port);
  assert.equal(await choosePort([address.port, free]), free);
  const other = await choosePort([address.port]);
  assert.notEqual(other, address.port);
});
