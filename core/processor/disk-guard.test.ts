import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { temporaryStudio } from '../../tests/support/temporary-studio.ts';
import { StudioError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import { systemClock } from '../platform/clock.ts';
import { DiskGuard } from './disk-guard.ts';

const logger = pino({ level: 'silent' });

test('preparing pauses below the reserve and goes on above it, also when the processor was restarted in between', async () => {
  await using studio = await temporaryStudio();
  const { writer: store, reader } = studio;
  let free = 5;
  const guard = () =>
    new DiskGuard({
      ...{ folder: '/volume', channelId: 'main', store, clock: systemClock, logger },
      reserveBytes: () => 10,
      freeBytes: async () => free,
    });
  const incidents = () => reader.openIncidents('main').map(({ code }) => code);
  const first = guard();
  const running = first.signal;
  assert.equal(await first.check(), false);
  assert.ok(running.aborted && first.full);
  assert.deepEqual(incidents(), ['disk_full']);

  free = 15;
  const second = guard();
  assert.equal(await second.check(), true);
  assert.ok(!second.full && !second.signal.aborted);
  assert.deepEqual(incidents(), []);

  free = 5;
  await second.check();
  assert.deepEqual(incidents(), ['disk_full']);
  free = 15;
  await second.check();
  assert.ok(!second.signal.aborted);
  assert.deepEqual(incidents(), []);
});

test('what a store on a full disk refuses is told later, and preparing pauses meanwhile', async () => {
  await using studio = await temporaryStudio();
  const { writer, reader } = studio;
  let refusing = true;
  const store: StoreClient = {
    run: (name, args) =>
      refusing ? Promise.reject(new StudioError('DISK_FULL', 'no room for this')) : writer.run(name, args),
  };
  const guard = new DiskGuard({
    ...{ folder: '/volume', channelId: 'main', store, clock: systemClock, logger },
    reserveBytes: () => 10,
    freeBytes: async () => 0,
  });
  const running = guard.signal;
  await assert.rejects(guard.check(), { code: 'DISK_FULL' });
  assert.ok(guard.full && running.aborted);
  refusing = false;
  await guard.check();
  assert.deepEqual(
    reader.openIncidents('main').map(({ code }) => code),
    ['disk_full'],
  );
});
