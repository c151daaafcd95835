import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isPidAlive, processIdentity } from './process-identity.ts';

const fails = (): Promise<string> => Promise.reject(new Error('no such process'));

test('linux reads the start time behind a command name with spaces and parentheses', async () => {
  const stat = `7 (a) b (c)) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2 3\n`;
  const ask = { platform: 'linux' as const, readText: async () => stat, output: fails };
  assert.equal(await processIdentity(7, ask), '98765');
  assert.equal(await processIdentity(7, { ...ask, readText: async () => stat.replace(' S ', ' Z ') }), null);
  assert.equal(await processIdentity(7, { ...ask, readText: fails }), null);
});

test('macOS asks ps, Windows asks PowerShell', async () => {
  const asked: string[] = [];
  const output = (answer: string) => async (command: string, args: readonly string[]) => {
    asked.push([command, ...args].join(' '));
    return answer;
  };
  const mac = { platform: 'darwin' as const, readText: fails, output: output('S    Mon Nov 16 10:00:00 2026\n') };
  assert.equal(await processIdentity(7, mac), 'Mon Nov 16 10:00:00 2026');
  assert.equal(await processIdentity(7, { ...mac, output: output('Z    Mon Nov 16 10:00:00 2026\n') }), null);
  const windows = { platform: 'win32' as const, readText: fails, output: output('638987654321\r\n') };
  assert.equal(await processIdentity(7, windows), '638987654321');
  assert.equal(await processIdentity(7, { ...windows, output: fails }), null);
  assert.match(asked[0] ?? '', /^ps -o stat=,lstart= -p 7$/);
  assert.match(asked[2] ?? '', /^powershell\.exe .*Get-Process -Id 7/);
});

test('a real process keeps its identity until it is gone', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const first = await processIdentity(pid);
  assert.ok(first);
  assert.equal(await processIdentity(pid), first);
  assert.ok(isPidAlive(pid));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isPidAlive(pid), false);
  assert.equal(await processIdentity(pid), null);
});
