import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import { waitUntil } from '../../../tests/wait-until.ts';
import { DeliveryError } from '../../alerts/delivery-error.ts';
import type { AlertMessage } from '../../contract/alert.ts';
import { AlertDispatcher } from './alert-dispatcher.ts';

const START_MS = new Date(2026, 5, 1, 12, 0).getTime();

async function scene() {
  const studio = await temporaryStudio();
  const clock = { nowMs: START_MS, wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs };
  const got: { to: string; message: AlertMessage }[] = [];
  let broken = new Set<string>();
  const add = (id: string, name: string) =>
    studio.writer.run('alert.putChannel', {
      alertChannel: {
        ...{ id, channelId: 'main', name, minSeverity: 'info', createdAtMs: 1 },
        target: { kind: 'slack', url: 'http://127.0.0.1:1/secret' },
      },
    });
  const start = () =>
    new AlertDispatcher({
      ...{ channelId: 'main', reader: studio.reader, store: studio.writer, clock, logger: pino({ level: 'silent' }) },
      random: () => 0.5,
      deliver: async ({ name }, message) => {
        if (broken.has(name)) throw new DeliveryError('it answered HTTP 500');
        got.push({ to: name, message });
      },
    });
  const open = (subject: string, severity: 'info' | 'warning' | 'critical' = 'critical') =>
    studio.writer.run('incident.open', {
      ...{ id: `i-${subject}`, channelId: 'main', code: 'destination_down', subject, severity },
      ...{ message: `${subject} is down`, atMs: clock.nowMs },
    });
  /** Looks `ms` later, and again until nothing is under way. */
  const later = async (dispatcher: AlertDispatcher, ms: number) => {
    clock.nowMs += ms;
    dispatcher.wake();
    await dispatcher.idle();
  };
  const breakThese = (...names: string[]) => {
    broken = new Set(names);
  };
  return { studio, clock, got, add, start, open, later, breakThese };
}

test('what was told survives a restart: nothing is repeated, nothing is lost, and the incident knows who was told', async () => {
  const { studio, got, add, start, open, later } = await scene();
  await using _studio = studio;
  await add('a', 'Team');
  await open('x');
  const first = start();
  await later(first, 3_000);
  assert.deepEqual(
    got.map(({ message }) => message.items.map((one) => one.subject)),
    [['x']],
  );
  await first.stop();
  await open('y');
  const second = start();
  await later(second, 0);
  await later(second, 15_000);
  await second.stop();
  assert.deepEqual(
    got.map(({ message }) => message.items.map((one) => one.subject)),
    [['x'], ['y']],
  );
  assert.deepEqual(
    studio.reader.incidentEvents('i-x').map((event) => event.message),
    ['x is down', '“Team” was told.'],
  );
});

test('a channel that fails holds up no other, and the others hear of it', async () => {
  const { studio, clock, got, add, start, open, later, breakThese } = await scene();
  await using _studio = studio;
  await add('a', 'Broken');
  await add('b', 'Team');
  breakThese('Broken');
  await open('x');
  const dispatcher = start();
  await later(dispatcher, 3_000);
  assert.deepEqual(
    got.map(({ to }) => to),
    ['Team'],
  );
  for (let times = 0; times < 4; times += 1) await later(dispatcher, 60_000);
  await waitUntil('the failing channel is an incident', async () => studio.reader.openIncidents('main').length === 2);
  await later(dispatcher, 60_000);
  await later(dispatcher, 60_000);
  assert.deepEqual(
    got.at(-1)?.message.items.map((one) => one.code),
    ['alert_undeliverable'],
  );
  breakThese();
  for (let times = 0; times < 6; times += 1) await later(dispatcher, 60_000);
  await waitUntil('the incident is over', async () => studio.reader.openIncidents('main').length === 1);
  assert.ok(got.some(({ to, message }) => to === 'Broken' && message.items.some((one) => one.subject === 'x')));
  const [view] = studio.reader.alertChannels('main');
  assert.deepEqual([view?.state?.failures, view?.state?.lastError], [0, null]);
  assert.ok((view?.state?.lastDeliveredAtMs ?? 0) <= clock.nowMs);
  await dispatcher.stop();
});
