import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { systemClock } from '../platform/clock.ts';
import { createLogger } from '../platform/logger.ts';
import { DaemonSupervisor } from './daemon-supervisor.ts';
import { MOST_FAILURES } from './supervision-state.ts';

const GOOD = `process.send({ type: 'ready' }); console.error('hello'); process.on('disconnect', () => process.exit());
  process.on('message', (m) => { if (m.type === 'stop') process.exit(); });`;
const DEAF = `process.send({ type: 'ready' }); setInterval(() => {}, 1000);`;

function script(source: string): ChildProcess {
  return spawn(process.execPath, ['-e', source], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: true,
  });
}

function supervised(source: string, more: { onGivenUp?: (m: string) => void; onLogLine?: (l: string) => void } = {}) {
  const children: ChildProcess[] = [];
  const log = createLogger('test');
  log.level = 'silent';
  const daemon = new DaemonSupervisor({
    name: 'tester',
    start: () => {
      const child = script(source);
      children.push(child);
      return child;
    },
    log,
    clock: systemClock,
    random: () => 0,
    onMessage: () => undefined,
    onLogLine: more.onLogLine ?? (() => undefined),
    onGivenUp: more.onGivenUp ?? (() => undefined),
    stopGraceMs: 100,
    firstBackOffMs: 2,
  });
  return { daemon, children };
}

test('starts, restarts after kill -9, collects log lines, and stops by message', async () => {
  const line = Promise.withResolvers<string>();
  const { daemon, children } = supervised(GOOD, { onLogLine: line.resolve });
  daemon.start();
  assert.equal(await line.promise, 'hello');
  assert.equal(daemon.report().state, 'running');
  const first = children[0];
  assert.ok(first);
  const exit = once(first, 'exit');
  first.kill('SIGKILL');
  await exit;
  while (!children[1]) await new Promise(setImmediate);
  await once(children[1], 'message');
  assert.equal(daemon.report().restarts, 1);
  await daemon.stop();
  assert.deepEqual(
    { ...daemon.report() },
    { name: 'tester', pid: null, state: 'stopped', restarts: 1, upMs: null, loop: null },
  );
});

test('one that does not listen is killed', async () => {
  const { daemon, children } = supervised(DEAF);
  daemon.start();
  assert.ok(children[0]);
  await once(children[0], 'message');
  await daemon.stop();
  assert.equal(children[0].signalCode, 'SIGKILL');
});

test('one that crashes at every start is given up, visibly', async () => {
  const given = Promise.withResolvers<string>();
  const { daemon, children } = supervised('process.exit(3)', { onGivenUp: given.resolve });
  daemon.start();
  assert.match(await given.promise, /crashed 8 times/);
  assert.equal(children.length, MOST_FAILURES);
  assert.equal(daemon.report().state, 'given_up');
  await daemon.stop();
});
