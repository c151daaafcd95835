import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { untilMediaAtOrigin } from '../tests/host/origin-watch.ts';
import { cleanUp, RunningHost, stopAndCheck } from '../tests/host/running-host.ts';
import { makeStudio } from '../tests/studio-fixture.ts';
import { pageInteractiveSeconds } from './page-interactive.ts';
import { report } from './report.ts';

const COLD_RUNS = 5;

/**
 * How long it takes from the command to a picture at the RTMP server: with a prepared library (after a first run, as on any
 * later day), and on a fresh machine where nothing is prepared. And from the one-time link to a page that can be used.
 */
export async function run(): Promise<void> {
  const cold = await coldStarts();
  const fresh = await freshStart();
  report('start', {
    cold_to_media_s: { value: median(cold.media), unit: 's', bar: '<= 3' },
    cold_to_media_worst_s: { value: Math.max(...cold.media), unit: 's', bar: null },
    fresh_to_media_s: { value: fresh, unit: 's', bar: '<= 20' },
    page_interactive_s: { value: cold.page, unit: 's', bar: null },
  });
}

async function coldStarts(): Promise<{ media: number[]; page: number | null }> {
  await using studio = await makeStudio({
    profile: DEFAULT_PROFILE,
    clips: [{ frames: 640 }, { frames: 640, picture: 'smptebars' }],
  });
  const { root } = studio.paths;
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 1, 0, 1, 0, 1, 0, 1);
  await studio.store.close();
  const media: number[] = [];
  let page: number | null = null;
  try {
    for (let round = 0; round <= COLD_RUNS; round++) {
      const { seconds, host } = await startToMedia(root, ['--profile', JSON.stringify(DEFAULT_PROFILE)]);
      // The first run is the day before: it leaves addresses and compiled code behind.
      if (round > 0) media.push(seconds);
      if (round === COLD_RUNS) page = await pageInteractiveSeconds(host.started.link);
      await stopAndCheck(host);
    }
  } finally {
    await cleanUp(root);
  }
  return { media, page };
}

async function freshStart(): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-fresh-'));
  try {
    const { seconds, host } = await startToMedia(root, ['--profile', JSON.stringify(DEFAULT_PROFILE)]);
    await stopAndCheck(host);
    return seconds;
  } finally {
    await cleanUp(root);
    await rm(root, { recursive: true, force: true });
  }
}

async function startToMedia(root: string, args: readonly string[]): Promise<{ seconds: number; host: RunningHost }> {
  const startedAtMs = Date.now();
  const starting = RunningHost.start(root, ...args);
  const [status, host] = await Promise.all([untilMediaAtOrigin(root, 60_000), starting]);
  return { seconds: ((status.lastVideoAtMs ?? Number.NaN) - startedAtMs) / 1000, host };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
