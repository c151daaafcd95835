import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { processIdentity } from '../../core/platform/process-identity.ts';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';
import { RtmpSubscriber } from './rtmp-subscriber.ts';
import { cleanUp, RunningHost, until, untilAttached, vvtvctl } from './running-host.ts';

/** A prepared library on air, from cold start to the graceful stop, through every death in between. */
let studio: StudioFixture;
let root = '';

before(async () => {
  studio = await makeStudio({
    clips: [
      { frames: 320, picture: 'testsrc2' },
      { frames: 320, picture: 'smptebars', toneHz: 660 },
    ],
  });
  root = studio.paths.root;
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 1, 0, 1, 0, 1);
  await studio.store.close();
});

after(async () => {
  await cleanUp(root);
  await studio[Symbol.asyncDispose]();
});

test('the channel outlives its host, comes back when the engine dies, and leaves nothing behind when stopped', async (t) => {
  let host = await RunningHost.start(root);
  const { rtmpUrl } = host.started;
  assert.ok(rtmpUrl);
  await host.untilAir('on_air');
  await using subscriber = await RtmpSubscriber.open(rtmpUrl);
  await subscriber.more(60);

  await t.test('kill -9 of the host: no gap, and a new host attaches to the running engine', async () => {
    const engine = await host.pidOf('broadcaster');
    const origin = await host.pidOf('origin');
    await host.kill();
    await subscriber.more(30);
    const attached = untilAttached(root, performance.now());
    host = await RunningHost.start(root);
    const reattachedMs = await attached;
    t.diagnostic(`attached after ${Math.round(reattachedMs)} ms`);
    assert.ok(reattachedMs < 5000, `attached after ${reattachedMs} ms`);
    await host.untilAir('on_air');
    assert.equal(await host.pidOf('broadcaster'), engine);
    assert.equal(await host.pidOf('origin'), origin);
    await subscriber.more(30);
    assert.deepEqual(subscriber.irregularSteps(), []);
    assert.equal(subscriber.ended, false);
  });

  await t.test('kill -9 of the engine: another one goes on, at the same subscriber', async () => {
    const before = await host.pidOf('broadcaster');
    assert.ok(before);
    const seen = subscriber.frames.length;
    process.kill(before, 'SIGKILL');
    await until(async () => ![null, before].includes(await host.pidOf('broadcaster')), 10_000, 'no new engine');
    await subscriber.more(60);
    assert.equal(subscriber.ended, false);
    const longest = subscriber.longestSilenceMs(seen - 1);
    t.diagnostic(`picture back after ${Math.round(longest)} ms`);
    assert.ok(longest < 5000, `${longest} ms without a picture`);
    await host.untilAir('on_air');
  });

  await t.test('commands round trip', async () => {
    const take = await vvtvctl(root, 'take', '--json');
    assert.deepEqual(JSON.parse(take.stdout), { ok: true }, take.stderr);
    assert.equal((await vvtvctl(root, 'emergency', 'on')).code, 0);
    await host.untilAir('emergency');
    assert.equal((await vvtvctl(root, 'emergency', 'off')).code, 0);
    await host.untilAir('on_air');
    const status = JSON.parse((await vvtvctl(root, 'status', '--json')).stdout);
    assert.equal(status.channel.air, 'on_air');
    assert.equal(status.status.counters.videoGaps, 0);
    const queue = JSON.parse((await vvtvctl(root, 'queue', 'list', '--json')).stdout);
    assert.ok(queue.total >= 2);
    assert.ok(queue.items.every((item: { startsAtMs: unknown }) => typeof item.startsAtMs === 'number'));
  });

  await t.test('SIGTERM: off air, nothing left', async () => {
    const pids = [await host.pidOf('broadcaster'), await host.pidOf('origin'), host.started.pid];
    for (const pid of pids) assert.ok(pid !== null && (await processIdentity(pid)));
    assert.equal(await host.stop('SIGTERM'), 0);
    for (const pid of pids) assert.equal(pid && (await processIdentity(pid)), null);
    assert.equal((await vvtvctl(root, 'status')).code, 8);
  });
});
