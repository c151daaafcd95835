import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamWatcher } from '../tests/stream-watcher.ts';
import { percentile, startAirStudio } from './air-studio.ts';
import { report } from './report.ts';

/** A pusher cannot be back sooner; what arrives within this time is of the one that was killed. */
const STALE_MS = 40;

/**
 * kill -9 of the pusher: from the kill to media at a subscriber again. `npm run bench -- pusher-kill [kills]`, 20 by default.
 */
export async function run(): Promise<void> {
  const kills = Number(process.argv[3] ?? 20);
  await using air = await startAirStudio(10);
  await using viewer = await StreamWatcher.rtmpKeyframes(air.url);
  await viewer.next('a picture', ({ key }) => key);
  const recoveryMs: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    await delay(1_000 + Math.random() * 500);
    const pusher = await pusherOf(air.broadcaster.child.pid ?? 0);
    const { reconnects } = air.broadcaster.status.destinations[0] ?? { reconnects: 0 };
    const atMs = performance.now();
    process.kill(pusher, 'SIGKILL');
    // What the pusher had handed over before the kill may still be on its way: a keyframe of the new one is what counts.
    const media = await viewer.next('media', (frame) => frame.key && frame.atMs > atMs + STALE_MS, 15_000);
    recoveryMs.push(media.atMs - atMs);
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

async function pusherOf(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  return Number(children[0]);
}
