import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TemporaryStudio, temporaryStudio } from '../../tests/support/temporary-studio.ts';
import type { WatchdogStatus } from '../contract/watchdog.ts';
import { createLogger } from '../platform/logger.ts';
import type { Finding, Measure } from './finding.ts';
import { IncidentDesk } from './incident-desk.ts';
import { healthy, unhealthy, unknown, type Verdict } from './verdict.ts';
import { Watchdog } from './watchdog.ts';
import { WatchdogMemory } from './watchdog-memory.ts';

const INTERVAL_MS = 30_000;
const logger = createLogger('test');
logger.level = 'silent';

/** A watchdog over a real store that looks at one thing, and a clock that moves on by the interval at every round. */
function watch(studio: TemporaryStudio, ladder: Measure[], fails = false) {
  const time = { ms: 1_000_000 };
  const clock = { wallMs: () => time.ms, monotonicMs: () => time.ms };
  const store = studio.writer;
  const taken: Measure['action'][] = [];
  let verdict: Verdict = healthy('Fine.');
  let told: WatchdogStatus | null = null;
  const memory = new WatchdogMemory(studio.reader, store, logger);
  const watchdog = new Watchdog({
    ...{ intervalMs: INTERVAL_MS, clock, logger, memory, leftBehind: studio.reader.openIncidents('main') },
    incidents: new IncidentDesk({ channelId: 'main', store, clock, logger }),
    look: async (): Promise<Finding[]> => [
      { id: 'return', verdict, incident: { code: 'return_lost', subject: 'origin', severity: 'warning' }, ladder },
    ],
    takeMeasure: async ({ action }) => {
      taken.push(action);
      if (fails) throw new Error('nobody listens');
    },
    onActed: () => undefined,
    afterRound: async () => undefined,
    onStatus: (status) => {
      told = status;
    },
  });
  return {
    taken,
    memory,
    told: () => told,
    async rounds(count: number, next: Verdict): Promise<void> {
      verdict = next;
      for (let round = 0; round < count; round++) {
        await watchdog.round();
        time.ms += INTERVAL_MS;
      }
      // Commands run in order: when this one is done, so are those of the rounds.
      await store.run('setting.set', { key: 'order', value: time.ms });
    },
  };
}

const LADDER: Measure[] = [{ action: 'reconnect', destinationId: 'origin' }, { action: 'restart_broadcaster' }];
const open = (studio: TemporaryStudio) =>
  studio.reader.openIncidents('main').map(({ code, severity, message }) => ({ code, severity, message }));

test('the measures come in the order of their risk, then a person is asked, once; health ends it', async () => {
  await using studio = await temporaryStudio();
  const { rounds, taken, told } = watch(studio, LADDER);
  await rounds(2, unhealthy('Gone.'));
  assert.deepEqual([taken, open(studio)], [[], []]);
  await rounds(1, unhealthy('Gone.'));
  assert.deepEqual(taken, ['reconnect']);
  assert.deepEqual(open(studio), [
    {
      ...{ code: 'return_lost', severity: 'warning' },
      message: 'Gone. Seen 3 times in a row. The destination is being connected again.',
    },
  ]);
  await rounds(3, unhealthy('Gone.'));
  assert.deepEqual(taken, ['reconnect', 'restart_broadcaster']);
  await rounds(9, unhealthy('Gone.'));
  assert.equal(taken.length, 2);
  assert.equal(open(studio)[0]?.severity, 'critical');
  assert.match(open(studio)[0]?.message ?? '', /somebody has to look/);
  await rounds(1, unknown('The tool is missing.'));
  assert.equal(open(studio).length, 1);
  await rounds(1, healthy('Fine.'));
  assert.deepEqual(open(studio), []);
  const status = told();
  assert.deepEqual(
    status?.restart_history.map(({ action }) => action),
    ['reconnect', 'restart_broadcaster', 'escalate'],
  );
  assert.deepEqual(
    status?.recovery_history.map(({ recoveryMs, layer }) => [layer, recoveryMs]),
    [[2, 16 * INTERVAL_MS]],
  );
});

test('a restart of the watchdog forgets neither what was done nor what is open', async () => {
  await using studio = await temporaryStudio();
  await watch(studio, LADDER).rounds(3, unhealthy('Gone.'));
  const next = watch(studio, LADDER);
  assert.equal(next.memory.acts.length, 1);
  await next.rounds(1, unhealthy('Gone.'));
  assert.equal(open(studio).length, 1);
  await next.rounds(1, healthy('Fine.'));
  assert.deepEqual(open(studio), []);
});

test('what was just done is not done again: a person is asked instead', async () => {
  await using studio = await temporaryStudio();
  const first = watch(studio, [{ action: 'reconnect', destinationId: 'origin' }]);
  await first.rounds(3, unhealthy('Gone.'));
  await first.rounds(1, healthy('Fine.'));
  const gap = { ...first.memory.acts[0], action: 'reconnect' };
  assert.equal(gap.outcome, 'done');
  for (let episode = 0; episode < 3; episode++) {
    await first.rounds(3, unhealthy('Gone.'));
    await first.rounds(1, healthy('Fine.'));
  }
  // Four times wanted within eight minutes, with gaps that double: the fourth comes too soon.
  assert.deepEqual(first.taken.length, 3);
  assert.equal(first.memory.acts.at(-1)?.action, 'escalate');
});

test('a measure that fails is told as such, and counts', async () => {
  await using studio = await temporaryStudio();
  const { rounds, memory } = watch(studio, LADDER, true);
  await rounds(3, unhealthy('Gone.'));
  assert.match(open(studio)[0]?.message ?? '', /reconnect failed: nobody listens/);
  assert.equal(memory.acts[0]?.outcome, 'failed');
});
