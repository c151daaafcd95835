import { cleanUp, RunningHost } from '../tests/host/running-host.ts';
import { makeStudio } from '../tests/studio-fixture.ts';
import { LiveFollower } from '../tests/watch/live-follower.ts';
import { AIR_PROFILE } from './air-studio.ts';
import { processRssBytes, treeCpuSeconds } from './cpu-time.ts';
import { report } from './report.ts';

const INTERVAL_MS = 6_000;
const CLIP_SECONDS = 64;

/**
 * What a round of the watchdog costs on a whole studio at 720p30, its sample of the return and the tools it starts
 * included, and whether it leaves sound playout alone. `npm run bench -- watchdog [rounds]`, 8 by default.
 */
export async function run(): Promise<void> {
  const rounds = Number(process.argv[3] ?? 8);
  const frames = Math.floor((CLIP_SECONDS * AIR_PROFILE.fps) / AIR_PROFILE.gopFrames) * AIR_PROFILE.gopFrames;
  await using studio = await makeStudio({
    profile: AIR_PROFILE,
    clips: [{ frames, picture: 'gradients=speed=0.03:seed=7:n=4' }],
  });
  const { root } = studio.paths;
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.store.run('setting.set', { key: 'watchdog_interval_ms', value: INTERVAL_MS });
  await studio.enqueue(0, 0, 0);
  await studio.store.close();
  const host = await RunningHost.start(root, '--profile', JSON.stringify(AIR_PROFILE));
  try {
    await host.untilAir('on_air');
    await using live = await LiveFollower.open(root);
    const round = async (): Promise<number> => {
      let first: unknown = null;
      return live.until(
        'watchdog',
        ({ watchdog }) => {
          first ??= watchdog;
          if (!watchdog || watchdog === first) return null;
          return watchdog.watchdogs['program_frozen']?.message === 'The picture moves.'
            ? watchdog.watchdog_count
            : null;
        },
        60_000,
        'no round ended',
      );
    };
    await round();
    const processes = await live.client.health.processes();
    const pid = processes.find(({ name }) => name === 'watch')?.pid ?? 0;
    const before = treeCpuSeconds(pid);
    let checks = 0;
    for (let number = 0; number < rounds; number++) checks = await round();
    const after = treeCpuSeconds(pid);
    const perRound = before === null || after === null ? null : (after - before) / rounds;
    const { restart_history: acts } = await live.client.health.watchdog();
    report('watchdog', {
      cpu_s_per_round: { value: perRound, unit: 's', bar: '<= 0.6' },
      cpu_percent_at_30_s: { value: perRound === null ? null : (100 * perRound) / 30, unit: '%', bar: '<= 2' },
      checks: { value: checks, unit: '', bar: null },
      resident: { value: (processRssBytes(pid) ?? Number.NaN) / 2 ** 20, unit: 'MiB', bar: null },
      acts_on_sound_playout: { value: acts.length, unit: '', bar: '= 0' },
    });
  } finally {
    await host.stop();
    await cleanUp(root);
  }
}
