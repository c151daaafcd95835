import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { dataPaths } from '../../core/platform/data-paths.ts';
import { processIdentity } from '../../core/platform/process-identity.ts';
import { cleanUp, RunningHost, until, vvtvctl } from './running-host.ts';

const CLI = fileURLToPath(new URL('../../cli/vvtvctl.js', import.meta.url));

/** A host that cannot start says why, and leaves nothing running. */
async function folder(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-refusal-'));
  t.after(async () => {
    await cleanUp(root);
    await rm(root, { recursive: true, force: true });
  });
  return root;
}

/** Pids of a data folder's detached processes that still have a run file. */
async function leftBehind(root: string): Promise<unknown[]> {
  return (await readdir(join(root, 'run'))).filter((name) => ['origin.json', 'broadcaster.json'].includes(name));
}

test('a database of a newer version', async (t) => {
  const root = await folder(t);
  const db = new Database(dataPaths(root).studioDb);
  db.pragma('user_version = 9999');
  db.close();
  const refused = await vvtvctl(root, 'run', '--json');
  assert.equal(refused.code, 14, refused.stderr);
  assert.match(refused.stderr, /DATABASE_NEWER/);
  assert.deepEqual(await leftBehind(root), []);
});

test('a port that is taken, a folder that is none, a profile off the grid', async (t) => {
  const root = await folder(t);
  const holder = createServer().listen(0, '127.0.0.1');
  t.after(() => holder.close());
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(typeof address === 'object' && address);
  const taken = await vvtvctl(root, 'run', '--json', '--port', String(address.port));
  assert.equal(taken.code, 2, taken.stderr);
  assert.match(taken.stderr, /is taken by another program/);
  assert.deepEqual(await leftBehind(root), []);
  const file = join(root, 'a file');
  await writeFile(file, '');
  assert.equal((await vvtvctl(file, 'run', '--json')).code, 2, 'a data folder that is a file');
  for (const args of [
    ['--library', '/nowhere'],
    ['--profile', '{"gopFrames":31}'],
    ['--destination', 'ftp://x'],
  ])
    assert.equal((await vvtvctl(root, 'run', '--json', ...args)).code, 2, args.join(' '));
});

test('five hosts that start together are one', async (t) => {
  const root = await folder(t);
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => RunningHost.start(root)));
  const won = results.filter((result) => result.status === 'fulfilled');
  assert.equal(won.length, 1);
  for (const result of results)
    if (result.status === 'rejected') assert.match(String(result.reason), /the host exited with 7/);
  assert.equal(await won[0]?.value.stop('SIGINT'), 0);
  assert.deepEqual(await leftBehind(root), []);
});

test('Ctrl-C while everything is still being started leaves nothing behind', async (t) => {
  const root = await folder(t);
  const { run } = dataPaths(root);
  const exists = (name: string) =>
    access(join(run, name)).then(
      () => true,
      () => false,
    );
  for (const [index, sign] of ['host.json', 'origin.note.json', 'origin.json'].entries()) {
    const child = spawn(process.execPath, [CLI, 'run', '--data', root, '--json'], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    await until(() => exists(sign), 20_000, `there is no ${sign}`);
    child.kill(index === 1 ? 'SIGTERM' : 'SIGINT');
    assert.deepEqual(await exit, [0, null], sign);
    assert.deepEqual(await leftBehind(root), [], sign);
    const note: { pid: number } = JSON.parse(await readFile(join(run, 'origin.note.json'), 'utf8'));
    assert.equal(await processIdentity(note.pid), null, `the origin was left behind at ${sign}`);
    await rm(join(run, 'origin.note.json'));
  }
});
