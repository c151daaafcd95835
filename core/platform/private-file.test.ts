import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

test('a secret is for its owner only, and is refused once others could read it', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-private-'));
  t.after(() => rm(root, { recursive: true }));
  const path = join(root, 'run', 'secret.json');
  assert.equal(await readPrivateFile(path), null);
  await writePrivateFile(path, 'one');
  assert.equal(await readPrivateFile(path), 'one');
  if (process.platform !== 'win32') {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(root, 'run'))).mode & 0o777, 0o700);
  }
  await chmod(path, 0o644);
  await assert.rejects(readPrivateFile(path, 'linux'), { code: 'NOT_AUTHORISED' });
  assert.equal(await readPrivateFile(path, 'win32'), 'one');
});
