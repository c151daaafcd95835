import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamWatcher } from '../tests/stream-watcher.ts';
import { percentile, startAirStudio } from './air-studio.ts';
import { report } from './report.ts';

/**
 * kill -9 of the pusher: from the kill to media at a subscriber again. `npm run bench -- pusher-kill [kills]`, 20 by default.
 */
export async function run(): Promise<void> {
  const kills = Number(process.argv[3] ?? 20);
  await using air = await startAirStudio(10);
  const recoveryMs: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    await delay(1_000 + Math.random() * 500);
    const pusher = await pusherOf(air.broadcaster.child.pid ?? 0);
    const { reconnects } = air.broadcaster.status.destinations[0] ?? { reconnects: 0 };
    const atMs = performance.now();
    process.kill(pusher, 'SIGKILL');
    recoveryMs.push((await nextMedia(air, atMs)) - atMs);
    await air.broadcaster.statusWhere('live again', ({ destinations }) => {
      const [destination] = destinations;
      return destination?.state === 'live' && destination.reconnects > reconnects;
    });
  }
  report('pusher-kill', {
    recovery_ms_p50: { value: percentile(recoveryMs, 0.5), unit: 'ms', bar: null },
    recovery_ms_p95: { value: percentile(recoveryMs, 0.95), unit: 'ms', bar: '<= 600' },
    kills: { value: recoveryMs.length, unit: '', bar: null },
  });
}

type Air = Awaited<ReturnType<typeof startAirStudio>>;

/** When a keyframe that left after the kill arrives; a viewer whom the server dropped subscribes again, as a player does. */
async function nextMedia(air: Air, sinceMs: number): Promise<number> {
  const seen = air.viewer.next('media', ({ key, atMs }) => key && atMs > sinceMs, 15_000);
  const resubscribe = async (): Promise<number> => {
    while (!air.viewer.ended) await delay(5);
    await air.viewer[Symbol.asyncDispose]();
    air.viewer = await StreamWatcher.rtmp(air.url);
    return (await air.viewer.next('media', ({ key }) => key, 15_000)).atMs;
  };
  const stays = seen.then(({ atMs }) => atMs);
  return Promise.any([stays, resubscribe()]);
}

async function pusherOf(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  return Number(children[0]);
}
