import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RotatingFile, rotateForeignLog } from './rotating-file.ts';

test('keeps a bounded number of bounded files, newest lines first', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-log-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'logs', 'studio.log');
  {
    using log = new RotatingFile(path, { maxBytes: 100, keep: 2 });
    for (let i = 0; i < 40; i++) log.line(`line ${i} of many`);
  }
  assert.deepEqual((await readdir(join(folder, 'logs'))).sort(), ['studio.log', 'studio.log.1', 'studio.log.2']);
  assert.match(await readFile(path, 'utf8'), /line 39 of many\n$/);
  using again = new RotatingFile(path, { maxBytes: 100, keep: 2 });
  again.line('after a restart');
  assert.match(await readFile(path, 'utf8'), /after a restart\n$/);
});

test('a log that somebody else writes is cut in place', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-log-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'broadcaster.log');
  await rotateForeignLog(path);
  await writeFile(path, 'x'.repeat(50));
  await rotateForeignLog(path, 100);
  assert.equal((await stat(path)).size, 50);
  await rotateForeignLog(path, 10);
  assert.equal((await stat(path)).size, 0);
  assert.equal((await readFile(`${path}.1`, 'utf8')).length, 50);
});
