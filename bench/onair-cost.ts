import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_PROFILE, type HouseProfile } from '../core/contract/profile.ts';
import { BroadcasterProcess } from '../tests/broadcaster-process.ts';
import { testTools } from '../tests/house-clip.ts';
import { startRtmpServer } from '../tests/rtmp-server.ts';
import { makeStudio, type StudioFixture } from '../tests/studio-fixture.ts';
import { processCpuSeconds, processRssBytes, treeCpuSeconds } from './cpu-time.ts';
import { report } from './report.ts';

/** 720p30 at 3 Mb/s like the default channel; a quicker preset only because the clips are made for this run. */
const PROFILE: HouseProfile = { ...DEFAULT_PROFILE, preset: 'superfast' };
const CLIP_FRAMES = 13 * 32;
const SETTLE_MS = 6_000;

/**
 * What a minute on air costs: engine and pusher with crossfades, beside the cheapest thing that could carry the same
 * media (`ffmpeg -re -f concat -c copy`), in the same minute, and beside a pipeline that decodes and encodes.
 * `npm run bench -- onair-cost [seconds]`, 60 by default.
 */
export async function run(): Promise<void> {
  const seconds = Number(process.argv[3] ?? 60);
  const picture = (colours: string): string => `gradients=speed=0.02:${colours}:n=4`;
  await using studio = await makeStudio({
    profile: PROFILE,
    clips: ['seed=1', 'seed=2', 'seed=3'].map((seed) => ({ frames: CLIP_FRAMES, picture: picture(seed), noise: 24 })),
  });
  const order = Array.from({ length: Math.ceil((seconds + 30) / 12) }, (_, place) => place % 3);
  await studio.enqueue(...order);
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const)
    await studio.addTransition(from, to);

  await using server = await startRtmpServer('nginx');
  await studio.addDestination('bench', server.url('engine'));
  const list = await concatList(studio, order);
  await using engine = await BroadcasterProcess.start(studio.paths);
  await engine.statusWhere('live', (status) => status.destinations[0]?.state === 'live');
  const floor = await ffmpegLive(list, ['-c', 'copy', '-f', 'flv', server.url('floor')]);
  await delay(SETTLE_MS);

  const cpuOf = (): { engine: number; pusher: number; floor: number } => {
    const own = processCpuSeconds(engine.child.pid ?? 0) ?? Number.NaN;
    const all = treeCpuSeconds(engine.child.pid ?? 0) ?? Number.NaN;
    return { engine: own, pusher: all - own, floor: processCpuSeconds(floor.pid ?? 0) ?? Number.NaN };
  };
  const before = cpuOf();
  const startMs = performance.now();
  await delay(seconds * 1000);
  const after = cpuOf();
  const minutes = (performance.now() - startMs) / 60_000;
  const { counters } = engine.status;
  const rss = processRssBytes(engine.child.pid ?? 0);
  await end(floor);
  await engine.command({ name: 'stop' });

  const encodeSeconds = Math.min(20, seconds);
  const encoder = await ffmpegLive(list, [
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-b:v',
      '3000k',
      '-maxrate',
      '3000k',
      '-bufsize',
      '3000k',
      '-g',
      '60',
    ],
    ...['-c:a', 'aac', '-b:a', '160k', '-f', 'flv', server.url('encode')],
  ]);
  await delay(2_000);
  const encodeBefore = processCpuSeconds(encoder.pid ?? 0) ?? Number.NaN;
  await delay(encodeSeconds * 1000);
  const encode = ((processCpuSeconds(encoder.pid ?? 0) ?? Number.NaN) - encodeBefore) / (encodeSeconds / 60);
  await end(encoder);

  const perMinute = (key: 'engine' | 'pusher' | 'floor'): number => (after[key] - before[key]) / minutes;
  const ours = perMinute('engine') + perMinute('pusher');
  const metric = (value: number, unit: string) => ({ value, unit, bar: null });
  report('onair-cost', {
    engine_cpu_s_per_min: metric(perMinute('engine'), 's/min'),
    pusher_cpu_s_per_min: metric(perMinute('pusher'), 's/min'),
    floor_cpu_s_per_min: metric(perMinute('floor'), 's/min'),
    encode_cpu_s_per_min: metric(encode, 's/min'),
    ratio_to_floor: { value: ours / perMinute('floor'), unit: '×', bar: '<= 1.9' },
    times_cheaper: { value: encode / ours, unit: '×', bar: '>= 30' },
    output_kbps: { value: counters.outputKbps, unit: 'kb/s', bar: null },
    crossfades: metric(counters.crossfades, ''),
    gaps: { value: counters.videoGaps + counters.audioGaps + counters.silentFillFrames, unit: '', bar: '= 0' },
    engine_rss_mb: { value: rss === null ? null : rss / 1e6, unit: 'MB', bar: null },
  });
}

async function concatList(studio: StudioFixture, order: readonly number[]): Promise<string> {
  const path = join(studio.paths.root, 'floor.txt');
  const lines = [...order, ...order, ...order].map((number) => `file '${studio.assets[number]?.media ?? ''}'`);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

async function ffmpegLive(list: string, output: readonly string[]): Promise<ChildProcess> {
  const { ffmpeg } = await testTools();
  const input = ['-hide_banner', '-nostats', '-loglevel', 'error', '-re', '-f', 'concat', '-safe', '0', '-i', list];
  return spawn(ffmpeg, [...input, ...output], { stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the comparison ended early with ${child.exitCode}`);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
