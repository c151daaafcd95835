import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forkDaemon } from '../../tests/support/forked-daemon.ts';
import { temporaryStudio } from '../../tests/support/temporary-studio.ts';

const main = new URL('./main.ts', import.meta.url);

test('the daemon fills the queue when an asset becomes ready, and stops when told', { timeout: 20_000 }, async () => {
  await using studio = await temporaryStudio();
  await using daemon = forkDaemon(studio, main);
  await daemon.message((message) => message.type === 'ready');
  assert.equal(studio.reader.queueLength('main'), 0);
  await studio.addReadyAsset('one', 32_000);
  daemon.send({ type: 'wake', topics: ['assets'] });
  await daemon.message(
    (message) => message.type === 'store' && message.commands.some((command) => command.name === 'decision.record'),
  );
  daemon.send({ type: 'stop' });
  assert.equal(await daemon.exited, 0);
  assert.ok(studio.reader.queueLength('main') >= 12);
});

test('the daemon ends by itself when the host goes away', { timeout: 20_000 }, async () => {
  await using studio = await temporaryStudio();
  await using daemon = forkDaemon(studio, main);
  await daemon.message((message) => message.type === 'ready');
  daemon.child.disconnect();
  assert.equal(await daemon.exited, 0);
});
