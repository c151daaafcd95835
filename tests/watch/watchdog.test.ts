import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { WatchdogAct, WatchdogAction, WatchdogStatus } from '../../core/contract/watchdog.ts';
import { cleanUp, RunningHost, until, vvtvctl } from '../host/running-host.ts';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';
import { LiveFollower } from './live-follower.ts';

/**
 * A whole studio on air whose watchdog looks twice a second. The certificates of the second and third asset say nothing
 * of what is wrong with them; that of the fourth does.
 */
const FRAMES = 1248;
const ALL = [{ fromSeconds: 0, toSeconds: FRAMES / 30 }];
const MOVING = 'asset-0';
const FROZEN = 'asset-1';
const DARK = 'asset-2';
const CERTIFIED = 'asset-3';
let studio: StudioFixture;
let root = '';
let host: RunningHost;
let live: LiveFollower;

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
  live = await LiveFollower.open(root);
});

after(async () => {
  await live[Symbol.asyncDispose]();
  await host.stop();
  await cleanUp(root);
  await studio[Symbol.asyncDispose]();
});

type Told = { watchdog: WatchdogStatus | null };
const did =
  (id: string, action: WatchdogAction) =>
  ({ watchdog }: Told): WatchdogAct | undefined =>
    watchdog?.restart_history.find((act) => act.watchdog === id && act.action === action);

const untilOnAir = (assetId: string, deadlineMs: number): Promise<unknown> =>
  live.until('status', ({ status }) => status?.program?.assetId === assetId, deadlineMs, `${assetId} is not on air`);

async function take(assetId: string): Promise<void> {
  const { items } = await live.client.queue.list({ limit: 200 });
  const item = items.find((one) => one.assetId === assetId && one.state === 'queued');
  assert.ok(item, `${assetId} is not queued`);
  await live.client.program.take({ queueItemId: item.id });
}

/** Waits for rounds in a row, the first of them over after now, in which this watchdog said what fits. */
async function rounds(count: number, id: string, said: RegExp): Promise<WatchdogStatus> {
  let seen = 0;
  let last: WatchdogStatus | null = null;
  return live.until(
    'watchdog',
    ({ watchdog }) => {
      if (!watchdog || watchdog === last) return null;
      const first = last === null;
      last = watchdog;
      seen = !first && said.test(watchdog.watchdogs[id]?.message ?? '') ? seen + 1 : 0;
      return seen >= count ? watchdog : null;
    },
    30_000,
    `${id} did not say ${String(said)} ${count} times`,
  );
}

test('sound playout, and black and silence that the certificate knows, are left alone', async () => {
  await untilOnAir(MOVING, 10_000);
  const { watchdogs, watchdog_count } = await rounds(3, 'program_frozen', /moves/);
  assert.equal(Object.keys(watchdogs).length, watchdog_count);
  for (const [id, one] of Object.entries(watchdogs)) assert.notEqual(one.state, 'unhealthy', `${id}: ${one.message}`);
  await take(CERTIFIED);
  const after = await rounds(3, 'program_black', /by its certificate/);
  assert.match(after.watchdogs['program_silent']?.message ?? '', /by its certificate/);
  assert.deepEqual(after.restart_history, []);
});

test('a frozen programme is noticed, left for the emergency loop, explained, and the next item is taken', async (t) => {
  await take(FROZEN);
  const takenMs = performance.now();
  await live.until('watchdog', did('program_frozen', 'emergency_on'), 30_000, 'nothing was done about it');
  t.diagnostic(`acted on after ${Math.round(performance.now() - takenMs)} ms`);
  const incident = await live.until(
    'incidents',
    ({ incidents }) => incidents.find(({ code }) => code === 'program_frozen'),
    5_000,
    'there is no incident',
  );
  assert.equal(incident.subject, FROZEN);
  assert.match(incident.message, /“Clip asset-1”: The picture does not move, and nothing explains it\. Seen 3 times/);
  await live.until('watchdog', did('program_frozen', 'emergency_off'), 20_000, 'the emergency loop stays on air');
  await untilOnAir(MOVING, 10_000);
  const recovered = ({ watchdog }: Told) => watchdog?.recovery_history.find((one) => one.watchdog === 'program_frozen');
  await live.until('watchdog', recovered, 20_000, 'the recovery is not noted');
  await live.until('incidents', ({ incidents }) => incidents.length === 0, 5_000, 'the incident is not over');
  assert.equal((await live.client.assets.get({ id: FROZEN })).state, 'damaged');
});

test('a black and silent programme is noticed in both, and one emergency mends it', async () => {
  await take(DARK);
  await live.until('watchdog', did('program_black', 'emergency_on'), 30_000, 'nothing was done about the black');
  await live.until('watchdog', did('program_silent', 'emergency_on'), 5_000, 'nothing was done about the silence');
  await untilOnAir(MOVING, 20_000);
});

test('a broadcaster that hangs is replaced because the watchdog asks', async () => {
  const hung = await host.pidOf('broadcaster');
  assert.ok(hung);
  process.kill(hung, 'SIGSTOP');
  const act = await live.until('watchdog', did('broadcaster', 'restart_broadcaster'), 30_000, 'it was not asked for');
  assert.equal(act.outcome, 'done');
  await until(async () => ![null, hung].includes(await host.pidOf('broadcaster')), 10_000, 'no other broadcaster');
  await live.until('status', ({ status }) => status?.pid !== hung && status?.program, 10_000, 'nothing is on air');
  const { stdout } = await vvtvctl(root, 'watchdog', 'status', '--json');
  const status: WatchdogStatus = JSON.parse(stdout);
  assert.equal(status.watchdogs['broadcaster']?.check_interval, 0.5);
  const metrics = await (await fetch(`${host.started.url}/metrics`)).text();
  assert.match(metrics, /vvtv_watchdog_actions\{action="restart_broadcaster"\} 1/);
});
