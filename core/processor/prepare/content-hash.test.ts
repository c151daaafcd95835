import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentHash } from './content-hash.ts';
import { Rejection } from './rejection.ts';

const NO_PIPES = process.platform === 'win32' && 'there are no named pipes in folders';

test('a pipe, by itself or named by a playlist, is refused at once', { skip: NO_PIPES }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-hash-'));
  try {
    execFileSync('mkfifo', [join(folder, 'pipe.mp4')]);
    await writeFile(join(folder, 'list.m3u8'), '#EXTM3U\n#EXTINF:5,\npipe.mp4\n');
    await writeFile(join(folder, 'url.m3u8'), `#EXTM3U\n#EXTINF:5,\nfile://${join(folder, 'pipe.mp4')}\n`);
    for (const name of ['pipe.mp4', 'list.m3u8', 'url.m3u8'])
      await assert.rejects(contentHash(join(folder, name)), (error) => error instanceof Rejection);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
