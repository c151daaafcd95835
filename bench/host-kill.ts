import { RtmpSubscriber } from '../tests/host/rtmp-subscriber.ts';
import { cleanUp, RunningHost, stopAndCheck, untilAttached } from '../tests/host/running-host.ts';
import { makeStudio } from '../tests/studio-fixture.ts';
import { report } from './report.ts';

const DEFAULT_ROUNDS = 5;

/**
 * kill -9 of the host while on air, again and again (`npm run bench -- host-kill [ROUNDS]`): what a subscriber of the RTMP
 * server notices, and how soon a new host is attached to the broadcaster that went on.
 */
export async function run(): Promise<void> {
  const rounds = Number(process.argv[3] ?? DEFAULT_ROUNDS);
  await using studio = await makeStudio({ clips: [{ frames: 640 }, { frames: 640, picture: 'smptebars' }] });
  const { root } = studio.paths;
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 1, 0, 1, 0, 1, 0, 1);
  await studio.store.close();
  try {
    let host = await RunningHost.start(root);
    await host.untilAir('on_air');
    if (!host.started.rtmpUrl) throw new Error('the origin does not listen');
    await using subscriber = await RtmpSubscriber.open(host.started.rtmpUrl);
    await subscriber.more(90);
    const engine = await host.pidOf('broadcaster');
    const from = subscriber.frames.length;
    const reattached: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await host.kill();
      await subscriber.more(30);
      const startedMs = performance.now();
      const attached = untilAttached(root, startedMs);
      host = await RunningHost.start(root);
      reattached.push(await attached);
      await subscriber.more(30);
    }
    const silence = subscriber.longestSilenceMs(from);
    report('host-kill', {
      rounds: { value: rounds, unit: '', bar: null },
      reattach_s: { value: Math.max(...reattached) / 1000, unit: 's', bar: '<= 2' },
      time_stamp_gaps: { value: subscriber.irregularSteps().length, unit: '', bar: '= 0' },
      gap_ms: { value: subscriber.gapMs(), unit: 'ms', bar: '= 0' },
      longest_wait_for_a_frame_ms: { value: silence, unit: 'ms', bar: null },
      engine_restarts: { value: (await host.pidOf('broadcaster')) === engine ? 0 : 1, unit: '', bar: '= 0' },
    });
    await stopAndCheck(host);
  } finally {
    await cleanUp(root);
  }
}
