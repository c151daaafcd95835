import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Verdict } from './verdict.ts';
import { ACT_AFTER, WatchdogLedger } from './watchdog-ledger.ts';

const verdict = (state: Verdict['state']): Verdict => ({ state, message: state });

test('three unhealthy checks in a row act, and each three more; a healthy one says that it is over', () => {
  const ledger = new WatchdogLedger(30_000);
  const kinds = Array.from({ length: 6 }, (_, at) => ledger.take('x', verdict('unhealthy'), at * 30_000));
  assert.deepEqual(
    kinds.map((one) => (one.kind === 'act' ? one.step : one.kind)),
    ['none', 'none', 0, 'none', 'none', 1],
  );
  ledger.acted('x', 'reconnect');
  assert.deepEqual(ledger.take('x', verdict('healthy'), 200_000), {
    ...{ kind: 'recovered', fromMs: 0, recoveryMs: 200_000, action: 'reconnect' },
  });
  assert.deepEqual(ledger.entries()['x'], {
    ...{ running: true, state: 'healthy', message: 'healthy', consecutive_unhealthy: 0, check_interval: 30 },
    ...{ last_healthy_time: 200_000, last_recovery_time: 200_000, recovery_count: 1 },
  });
});

test('one healthy check resets, and what was not acted on needs no recovery', () => {
  const ledger = new WatchdogLedger(1000);
  for (const state of ['unhealthy', 'unhealthy', 'healthy', 'unhealthy', 'unhealthy'] as const)
    assert.equal(ledger.take('x', verdict(state), 0).kind, 'none');
  assert.equal(ledger.entries()['x']?.recovery_count, 0);
});

test('what is excused or not known ends no fault; what is switched off ends it without a recovery', () => {
  const ledger = new WatchdogLedger(1000);
  for (let round = 0; round < ACT_AFTER; round++) ledger.take('x', verdict('unhealthy'), round);
  assert.equal(ledger.take('x', verdict('unknown'), 4).kind, 'none');
  assert.equal(ledger.entries()['x']?.state, 'unknown');
  assert.equal(ledger.take('x', verdict('excused'), 5).kind, 'none');
  assert.equal(ledger.entries()['x']?.state, 'healthy');
  assert.equal(ledger.take('x', verdict('off'), 6).kind, 'none');
  assert.deepEqual([ledger.entries()['x']?.running, ledger.entries()['x']?.recovery_count], [false, 0]);
});

test('a watchdog whose subject is gone is forgotten, and named when it had been acted on', () => {
  const ledger = new WatchdogLedger(1000);
  for (let round = 0; round < ACT_AFTER; round++) ledger.take('x', verdict('unhealthy'), round);
  ledger.take('y', verdict('healthy'), 0);
  assert.deepEqual(ledger.keepOnly(new Set(['y'])), ['x']);
  assert.deepEqual(Object.keys(ledger.entries()), ['y']);
});

test('it never acts without three unhealthy verdicts right before', () => {
  const states = fc.array(fc.constantFrom<Verdict['state']>('healthy', 'excused', 'unhealthy', 'unknown', 'off'));
  fc.assert(
    fc.property(states, (sequence) => {
      const ledger = new WatchdogLedger(1000);
      for (const [at, state] of sequence.entries()) {
        const acts = ledger.take('x', verdict(state), at).kind === 'act';
        const lastThree = sequence.slice(Math.max(0, at - ACT_AFTER + 1), at + 1);
        if (acts) assert.deepEqual(lastThree, ['unhealthy', 'unhealthy', 'unhealthy']);
      }
    }),
  );
});
