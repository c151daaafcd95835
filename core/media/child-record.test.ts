import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import pino from 'pino';
import { processIdentity } from '../platform/process-identity.ts';
import { sweepOrphans } from './child-record.ts';

const logger = pino({ level: 'silent' });

it('ends only those processes on record whose parent is gone and which are still the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-sweep-'));
  const children = [0, 1, 2].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }));
  try {
    const [orphan = 0, other = 0, kept = 0] = children.map((child) => child.pid);
    const start = await processIdentity(orphan);
    const self = { parentPid: process.pid, parentStart: await processIdentity(process.pid) };
    const dead = { parentPid: process.pid, parentStart: '1' };
    const write = (name: string, record: object) => writeFile(join(folder, name), JSON.stringify(record));
    await write('1-1.json', { pid: orphan, start, ...dead, command: 'sleep' });
    await write('1-2.json', { pid: other, start: '1', ...dead, command: 'sleep' });
    await write('1-3.json', { pid: kept, start: await processIdentity(kept), ...self, command: 'sleep' });
    await writeFile(join(folder, '1-4.json'), '{"pid":');

    const ended = children[0] && once(children[0], 'exit');
    assert.deepEqual(await sweepOrphans(folder, logger), [orphan]);
    await ended;
    assert.deepEqual(await readdir(folder), ['1-3.json']);
    assert.notEqual(await processIdentity(other), null);
    assert.notEqual(await processIdentity(kept), null);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

it('has nothing to sweep in a folder that does not exist', async () => {
  assert.deepEqual(await sweepOrphans(join(tmpdir(), 'vvtv-never-made'), logger), []);
});
