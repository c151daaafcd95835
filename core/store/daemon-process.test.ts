import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forkDaemon } from '../../tests/support/forked-daemon.ts';
import { temporaryStudio } from '../../tests/support/temporary-studio.ts';

const main = new URL('../../tests/support/example-daemon.ts', import.meta.url);
const options = { timeout: 30_000 };

test('a daemon gets ready, is woken, writes in one batch, reads and reports', options, async () => {
  await using studio = await temporaryStudio();
  await using daemon = forkDaemon(studio, main);
  await daemon.message((message) => message.type === 'ready');
  assert.equal(studio.reader.setting('started'), true);
  daemon.send({ type: 'wake', topics: ['plans', 'settings'] });
  const progress = await daemon.message((message) => message.type === 'progress');
  assert.ok(progress.type === 'progress' && progress.jobs[0]?.title === '2');
  const batches = daemon.messages.filter((message) => message.type === 'store').map(({ commands }) => commands.length);
  assert.deepEqual(batches, [1, 3]);
  const health = await daemon.message((message) => message.type === 'health');
  assert.ok(health.type === 'health' && health.report.rssBytes > 0);
  daemon.send({ type: 'stop' });
  assert.equal(await daemon.exited, 0);
});

test('an unhandled error ends the daemon with exit code 1', options, async () => {
  await using studio = await temporaryStudio();
  await using daemon = forkDaemon(studio, main);
  await daemon.message((message) => message.type === 'ready');
  daemon.send({ type: 'wake', topics: ['jobs'] });
  assert.equal(await daemon.exited, 1);
});

test('a daemon whose host is gone exits within seconds, even when it cannot finish', options, async () => {
  await using studio = await temporaryStudio();
  await using daemon = forkDaemon(studio, main);
  await daemon.message((message) => message.type === 'ready');
  daemon.send({ type: 'wake', topics: ['library'] });
  await daemon.message((message) => message.type === 'progress');
  const goneMs = performance.now();
  daemon.child.disconnect();
  assert.equal(await daemon.exited, 0);
  assert.ok(performance.now() - goneMs < 8000);
});
