import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { type KillSeam, killGroup, killTree } from './kill-tree.ts';

function recorder(platform: NodeJS.Platform, missing: readonly number[]) {
  const calls: string[] = [];
  const seam: KillSeam = {
    platform,
    kill: (pid, signal) => {
      calls.push(`${signal} ${pid}`);
      if (missing.includes(pid)) throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    },
    run: (command, args) => calls.push([command, ...args].join(' ')),
  };
  return { calls, seam };
}

test('POSIX signals the group, and the process alone when it leads none', () => {
  const group = recorder('linux', []);
  assert.equal(killTree(42, 'SIGTERM', group.seam), true);
  assert.deepEqual(group.calls, ['SIGTERM -42']);
  const alone = recorder('darwin', [-42]);
  assert.equal(killTree(42, 'SIGKILL', alone.seam), true);
  assert.deepEqual(alone.calls, ['SIGKILL -42', 'SIGKILL 42']);
  assert.equal(killTree(42, 'SIGKILL', recorder('linux', [-42, 42]).seam), false);
});

test('Windows ends the tree with taskkill', () => {
  const { calls, seam } = recorder('win32', []);
  assert.equal(killTree(42, 'SIGTERM', seam), true);
  assert.deepEqual(calls, ['taskkill /PID 42 /T /F']);
});

test('the rest of a group is ended without touching a new owner of the pid', () => {
  const gone = recorder('linux', [-42]);
  assert.equal(killGroup(42, gone.seam), false);
  assert.deepEqual(gone.calls, ['SIGKILL -42']);
  assert.equal(killGroup(42, recorder('win32', []).seam), false);
});

test('pids that mean everybody are refused', () => {
  for (const pid of [0, 1, -1, 1.5, Number.NaN]) assert.throws(() => killTree(pid, 'SIGKILL'), RangeError);
});

test('a real group dies with its grandchild', async () => {
  const script = `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 999)'], { stdio: 'ignore' }); console.log(c.pid); setInterval(() => {}, 999)`;
  const leader = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(leader.stdout, 'data');
  const grandchild = Number(String(line).trim());
  killTree(leader.pid ?? 0, 'SIGKILL');
  await once(leader, 'exit');
  const deadline = performance.now() + 5000;
  let alive = true;
  while (alive && performance.now() < deadline) {
    alive = killTree(grandchild, 'SIGKILL');
    await new Promise(setImmediate);
  }
  assert.equal(alive, false);
});
