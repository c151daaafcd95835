import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitUntil } from '../../tests/wait-until.ts';
import { createLogger } from './logger.ts';
import { keepRunFile } from './run-file.ts';

const log = createLogger('test');
log.level = 'silent';

test('a run file that is removed or damaged comes back; another process’s stays; afterwards it is let go', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-run-'));
  try {
    const path = join(folder, 'some.json');
    const release = await keepRunFile({ path, run: { pid: 4711 }, log, everyMs: 10 });
    const pid = async () => {
      const text = await readFile(path, 'utf8').catch(() => '');
      return /"pid":(\d+)\}/.exec(text)?.[1] ?? null;
    };
    assert.equal(await pid(), '4711');
    await rm(path);
    await waitUntil('the removed file', async () => (await pid()) === '4711', 5_000);
    await writeFile(path, '{"pid":1,');
    await waitUntil('the damaged file', async () => (await pid()) === '4711', 5_000);
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o077, 0);
    await release();
    await writeFile(path, '{"pid":12}');
    const second = await keepRunFile({ path: join(folder, 'other.json'), run: { pid: 1 }, log, everyMs: 10 });
    await second();
    assert.equal(await pid(), '12');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
