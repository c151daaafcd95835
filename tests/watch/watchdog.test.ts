import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type StudioClient, withStudio } from '../../cli/studio-connection.ts';
import type { WatchdogAct, WatchdogAction, WatchdogStatus } from '../../core/contract/watchdog.ts';
import { cleanUp, RunningHost, until, vvtvctl } from '../host/running-host.ts';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';

/**
 * A whole studio on air whose watchdog looks twice a second. The certificates of the second and third asset say nothing
 * of what is wrong with them; that of the fourth does.
 */
const FRAMES = 1920;
const ALL = [{ fromSeconds: 0, toSeconds: FRAMES / 30 }];
const [MOVING, FROZEN, DARK, CERTIFIED] = ['asset-0', 'asset-1', 'asset-2', 'asset-3'];
let studio: StudioFixture;
let root = '';
let host: RunningHost;

before(async () => {
  studio = await makeStudio({
    clips: [
      { frames: FRAMES, picture: 'testsrc2' },
      { frames: FRAMES, picture: 'smptebars' },
      { frames: FRAMES, picture: 'color=black', volume: 0 },
      { frames: FRAMES, picture: 'color=black', volume: 0, qa: { black: ALL, frozen: ALL, silent: ALL } },
    ],
  });
  root = studio.paths.root;
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.store.run('setting.set', { key: 'watchdog_interval_ms', value: 500 });
  await studio.store.run('setting.set', { key: 'watchdog_sample_seconds', value: 1.6 });
  await studio.enqueue(0, 3, 0, 1, 0, 2, 0);
  await studio.store.close();
  host = await RunningHost.start(root);
  await host.untilAir('on_air');
});

after(async () => {
  await host.stop();
  await cleanUp(root);
  await studio[Symbol.asyncDispose]();
});

const ask = <T>(use: (client: StudioClient) => Promise<T>): Promise<T> => withStudio(root, use);
const watchdog = (): Promise<WatchdogStatus> => ask((client) => client.health.watchdog());
const acts = async (): Promise<WatchdogAct[]> => (await watchdog()).restart_history;
const did = async (id: string, action: WatchdogAction): Promise<boolean> =>
  (await acts()).some((act) => act.watchdog === id && act.action === action);
const onAir = async (): Promise<string | null> =>
  (await ask((client) => client.channel.status()))?.program?.assetId ?? null;

async function take(assetId: string): Promise<void> {
  await ask(async (client) => {
    const { items } = await client.queue.list({ limit: 200 });
    const item = items.find((one) => one.assetId === assetId && one.state === 'queued');
    assert.ok(item, `${assetId} is not queued`);
    await client.program.take({ queueItemId: item.id });
  });
}

/** Waits for rounds that begin after now in which this watchdog had the wanted state. */
async function rounds(count: number, id: string, state: string): Promise<void> {
  let seen = 0;
  let last = JSON.stringify(await watchdog());
  await until(
    async () => {
      const status = await watchdog();
      const text = JSON.stringify(status);
      if (text === last) return false;
      last = text;
      if (status.watchdogs[id]?.state === state) seen += 1;
      return seen >= count;
    },
    25_000,
    `${id} was not ${state} ${count} times, but ${JSON.stringify((await watchdog()).watchdogs[id])}`,
  );
}

test('sound playout, and black and silence that the certificate knows, are left alone', async () => {
  await rounds(3, 'program_frozen', 'healthy');
  assert.equal(await onAir(), MOVING);
  const { watchdogs, watchdog_count } = await watchdog();
  assert.equal(Object.keys(watchdogs).length, watchdog_count);
  for (const [id, one] of Object.entries(watchdogs)) assert.notEqual(one.state, 'unhealthy', `${id}: ${one.message}`);
  await take(CERTIFIED ?? '');
  await rounds(3, 'program_black', 'unknown');
  assert.match((await watchdog()).watchdogs['program_silent']?.message ?? '', /by its certificate/);
  assert.deepEqual(await acts(), []);
});

test('a frozen programme is noticed, left for the emergency loop, explained, and the next item is taken', async (t) => {
  await take(FROZEN ?? '');
  const takenMs = performance.now();
  await until(() => did('program_frozen', 'emergency_on'), 25_000, 'nothing was done about the frozen picture');
  t.diagnostic(`acted on after ${Math.round(performance.now() - takenMs)} ms`);
  const incidents = await ask(async (client) => {
    for await (const event of await client.channel.live()) if (event.type === 'incidents') return event.incidents;
    return [];
  });
  const incident = incidents.find(({ code }) => code === 'program_frozen');
  assert.equal(incident?.subject, FROZEN);
  assert.match(
    incident?.message ?? '',
    /“Clip asset-1”: The picture does not move, and nothing explains it\. Seen 3 times/,
  );
  await until(() => did('program_frozen', 'emergency_off'), 20_000, 'the emergency loop stays on air');
  await until(async () => (await onAir()) === MOVING, 5_000, 'the next item is not on air');
  await until(
    async () => ((await watchdog()).watchdogs['program_frozen']?.recovery_count ?? 0) > 0,
    20_000,
    'the recovery is not noted',
  );
  const asset = await ask((client) => client.assets.get({ id: FROZEN ?? '' }));
  assert.equal(asset.state, 'damaged');
});

test('a black and silent programme is noticed in both, and one emergency mends it', async () => {
  await take(DARK ?? '');
  await until(
    async () => (await did('program_black', 'emergency_on')) && (await did('program_silent', 'emergency_on')),
    25_000,
    'nothing was done about the black picture',
  );
  assert.equal(await did('program_frozen', 'restart_broadcaster'), false);
  await until(async () => (await onAir()) === MOVING, 20_000, 'the next item is not on air');
});

test('a broadcaster that hangs is replaced because the watchdog asks', async () => {
  const hung = await host.pidOf('broadcaster');
  assert.ok(hung);
  process.kill(hung, 'SIGSTOP');
  await until(async () => ![null, hung].includes(await host.pidOf('broadcaster')), 20_000, 'no other broadcaster');
  await until(async () => (await onAir()) !== null, 10_000, 'nothing is on air');
  await until(() => did('broadcaster', 'restart_broadcaster'), 5_000, 'it was not the watchdog');
  const { stdout } = await vvtvctl(root, 'watchdog', 'status', '--json');
  const status: WatchdogStatus = JSON.parse(stdout);
  assert.equal(status.watchdogs['broadcaster']?.check_interval, 0.5);
  const metrics = await (await fetch(`${host.started.url}/metrics`)).text();
  assert.match(metrics, /vvtv_watchdog_actions\{action="restart_broadcaster"\} 1/);
});
