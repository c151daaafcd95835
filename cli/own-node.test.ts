import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isNewEnough } from './own-node.js';

const OWN_NODE = new URL('./own-node.js', import.meta.url);

test('which Node is new enough', () => {
  for (const version of ['22.18.0', '24.21.0', '100.0.0']) assert.ok(isNewEnough(version), version);
  for (const version of ['20.20.2', '22.17.1', '18.0.0']) assert.ok(!isNewEnough(version), version);
});

test('the Node that goes on gets the arguments and the signals, and its exit code is passed on', {
  skip: process.platform === 'win32' && 'there is no SIGTERM to send',
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-node-'));
  try {
    const script = join(folder, 'command.mjs');
    await writeFile(
      script,
      `import { goOnWith } from ${JSON.stringify(OWN_NODE.href)};
       if (process.env.VVTV_SECOND) {
         process.on('SIGTERM', () => process.exit(7));
         setInterval(() => undefined, 1000);
         console.log(process.argv.slice(2).join(' '));
       } else {
         process.env.VVTV_SECOND = '1';
         goOnWith(process.execPath);
       }`,
    );
    const child = spawn(process.execPath, [script, 'status', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    assert.equal(String(line).trim(), 'status --json');
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [7, null]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
