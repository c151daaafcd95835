import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withStudio } from '../../cli/studio-connection.ts';
import type { LiveEvent } from '../../core/contract/control-api.ts';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';
import { cleanUp, RunningHost, until } from './running-host.ts';

/** The live stream of the control API, as the page reads it. */
let studio: StudioFixture;
let host: RunningHost;

before(async () => {
  studio = await makeStudio({ clips: [{ frames: 320 }, { frames: 320, picture: 'smptebars' }] });
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 1, 0, 1, 0);
  await studio.store.close();
  host = await RunningHost.start(studio.paths.root);
  await host.untilAir('on_air');
});

after(async () => {
  await host?.stop();
  await cleanUp(studio.paths.root);
  await studio[Symbol.asyncDispose]();
});

async function followers(): Promise<string | undefined> {
  const text = await (await fetch(`${host.started.url}/metrics`)).text();
  return /^vvtv_control_rooms (\d+)$/m.exec(text)?.[1];
}

/** Reads on until an event fits; throws after a while. */
async function find(events: AsyncIterator<LiveEvent>, fits: (event: LiveEvent) => boolean): Promise<LiveEvent> {
  const lastMs = performance.now() + 10_000;
  for (;;) {
    const { value, done } = await events.next();
    if (done || performance.now() > lastMs) throw new Error('the event did not come');
    if (fits(value)) return value;
  }
}

test('every part comes first, then what changed, and the stream ends with its reader', async () => {
  await withStudio(studio.paths.root, async (client) => {
    const abort = new AbortController();
    const events = await client.channel.live(undefined, { signal: abort.signal });
    const parts = new Set<string>();
    while (parts.size < 8) {
      const { value, done } = await events.next();
      assert.ok(!done);
      parts.add(value.type);
    }
    assert.equal(await followers(), '1');
    const { id } = await client.queue.add({ assetId: 'asset-1', where: 'head' });
    await find(events, (event) => event.type === 'queue' && event.items.some((item) => item.id === id));
    const held = find(events, (event) => event.type === 'status' && event.status?.hold === true);
    await client.program.hold({ on: true });
    await held;
    await client.program.hold({ on: false });
    abort.abort();
    await until(async () => (await followers()) === '0', 5000, 'the stream is not let go');
  });
});

test('a reader that vanishes is forgotten, and errors carry the code and the advice of the table', async () => {
  await withStudio(studio.paths.root, async (client) => {
    const events = await client.channel.live();
    await events.next();
    assert.equal(await followers(), '1');
    const refused = await client.queue.remove({ id: 'nothing' }).catch((error: unknown) => error);
    assert.ok(refused instanceof Error && 'code' in refused && 'data' in refused);
    assert.equal(refused.code, 'NOT_FOUND');
    assert.deepEqual(refused.data, { action: 'List what exists and use one of those names.' });
    const wrong = await client.queue.list({ limit: -1 }).catch((error: unknown) => error);
    assert.ok(wrong instanceof Error && 'code' in wrong);
    assert.equal(wrong.code, 'BAD_ARGUMENT');
    assert.match(wrong.message, /limit/);
  });
  await until(async () => (await followers()) === '0', 5000, 'the stream is not let go');
});

test('what is on air or about to air is locked; what is put at the head waits for it', async () => {
  await withStudio(studio.paths.root, async (client) => {
    const onAir = (await client.channel.status())?.program?.queueItemId;
    assert.ok(onAir);
    const locked = await client.queue.remove({ id: onAir }).catch((error: unknown) => error);
    assert.ok(locked instanceof Error && 'code' in locked);
    assert.equal(locked.code, 'LOCKED');
    const { id } = await client.queue.add({ assetId: 'asset-0', where: 'head' });
    const { items } = await client.queue.list({ limit: 50 });
    const place = items.findIndex((item) => item.id === id);
    assert.ok(place > 0);
    for (const before of items.slice(0, place)) assert.ok(before.locked, `${before.id} stands before it unlocked`);
  });
});
