import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { dataPaths } from '../platform/data-paths.ts';
import { acquireHostLock } from './host-lock.ts';
import { writeHostRunFile } from './host-run-file.ts';

const LOCKER = `
  const { acquireHostLock } = await import(${JSON.stringify(new URL('./host-lock.ts', import.meta.url).href)});
  const { dataPaths } = await import(${JSON.stringify(new URL('../platform/data-paths.ts', import.meta.url).href)});
  process.stdin.once('data', async () => {
    try { globalThis.lock = await acquireHostLock(dataPaths(process.argv[1])); console.log('won'); }
    catch (error) { console.log(error.code); process.exit(); }
  });
  console.log('ready');`;

async function freshFolder(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-lock-'));
  t.after(() => rm(root, { recursive: true }));
  return root;
}

function locker(root: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', LOCKER, root], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function nextLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [chunk] = await once(child.stdout, 'data');
  return String(chunk).trim();
}

test('of five hosts that start together exactly one wins, and kill -9 of it frees the folder at once', async (t) => {
  const root = await freshFolder(t);
  const children = Array.from({ length: 5 }, () => locker(root));
  t.after(() => children.map((child) => child.kill('SIGKILL')));
  await Promise.all(children.map(nextLine));
  const answers = children.map(nextLine);
  for (const child of children) child.stdin?.write('go\n');
  const results = await Promise.all(answers);
  assert.equal(results.filter((result) => result === 'won').length, 1);
  assert.equal(results.filter((result) => result === 'HOST_RUNNING').length, 4);

  const winner = children[results.indexOf('won')];
  assert.ok(winner);
  await assert.rejects(acquireHostLock(dataPaths(root)), { code: 'HOST_RUNNING' });
  winner.kill('SIGKILL');
  await once(winner, 'exit');
  using _mine = await acquireHostLock(dataPaths(root));
});

test('the refusal names the pid and the address', async (t) => {
  const paths = dataPaths(await freshFolder(t));
  using _mine = await acquireHostLock(paths);
  await writeHostRunFile(paths, { pid: 4711, url: 'http://127.0.0.1:5000', token: 'x', version: '1', startedAtMs: 0 });
  await assert.rejects(acquireHostLock(paths), /pid 4711, http:\/\/127\.0\.0\.1:5000/);
});
