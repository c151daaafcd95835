import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { withStudio } from '../cli/studio-connection.ts';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { cleanUp, RunningHost, stopAndCheck, vvtvctl } from '../tests/host/running-host.ts';
import { makeStudio } from '../tests/studio-fixture.ts';
import { processRssBytes } from './cpu-time.ts';
import { report } from './report.ts';

const DEFAULT_MINUTES = 30;
const SAMPLE_MS = 5_000;
/** The first minutes belong to the start: caches fill, code is compiled. */
const SETTLED_SHARE = 1 / 3;
const MB = 1e6;

interface Sample {
  readonly minutes: number;
  readonly host: number;
  readonly broadcaster: number;
}

/**
 * Resident memory of host and broadcaster over a time on air at 720p30 (`npm run bench -- memory [MINUTES]`), with its slope
 * over the last two thirds. The planner keeps its queue of hundreds of items; a control room follows all the time and plays
 * the preview.
 */
export async function run(): Promise<void> {
  const minutes = Number(process.argv[3] ?? DEFAULT_MINUTES);
  await using studio = await makeStudio({
    profile: DEFAULT_PROFILE,
    clips: [{ frames: 640 }, { frames: 960, picture: 'smptebars' }, { frames: 800, picture: 'testsrc' }],
  });
  const { root } = studio.paths;
  // As `npm start` does: without it the first run of changed sources holds the type stripper, 30 MB, in every process.
  const warm = await vvtvctl(root, 'warm');
  if (warm.code !== 0) throw new Error(`the code could not be compiled: ${warm.stderr}`);
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 1, 2);
  await studio.store.close();
  try {
    const host = await RunningHost.start(root, '--profile', JSON.stringify(DEFAULT_PROFILE));
    await host.untilAir('on_air');
    const leave = new AbortController();
    const [followed, previewed] = [follow(root, leave.signal), preview(host.started.programUrl, leave.signal)];
    const samples = await Promise.race([
      sample(host, minutes),
      Promise.all([followed, previewed]).then(() => Promise.reject(new Error('the control room was let go'))),
    ]);
    const total = samples.map((one) => one.host + one.broadcaster);
    const settled = samples.slice(Math.floor(samples.length * SETTLED_SHARE));
    const last = samples.at(-1);
    const shared = [processPssBytes(host.started.pid), processPssBytes(await host.pidOf('broadcaster'))];
    const pss = shared.reduce<number>((sum, bytes) => sum + (bytes ?? Number.NaN), 0) / MB;
    report('memory', {
      minutes: { value: minutes, unit: 'min', bar: null },
      host_mb: { value: last ? last.host : null, unit: 'MB', bar: null },
      broadcaster_mb: { value: last ? last.broadcaster : null, unit: 'MB', bar: null },
      total_mb: { value: total.at(-1) ?? null, unit: 'MB', bar: '<= 260' },
      total_worst_mb: { value: Math.max(...total), unit: 'MB', bar: null },
      total_proportional_mb: { value: pss, unit: 'MB', bar: null },
      slope_mb_per_hour: { value: slope(settled), unit: 'MB/h', bar: null },
    });
    leave.abort();
    const [events, previewBytes] = await Promise.all([followed, previewed]);
    console.log(`The control room got ${events} events and ${Math.round(previewBytes / MB)} MB of preview.`);
    await stopAndCheck(host);
  } finally {
    await cleanUp(root);
  }
}

/** Reads the live stream as the page does; answers the number of events. */
async function follow(root: string, signal: AbortSignal): Promise<number> {
  return withStudio(root, async (client) => {
    let events = 0;
    try {
      for await (const event of await client.channel.live(undefined, { signal }))
        if (event.type !== 'status') events += 1;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return events;
  });
}

/** Reads the preview as fast as it comes; answers the bytes. */
async function preview(url: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  try {
    const { body } = await fetch(url, { signal });
    if (!body) throw new Error('no preview');
    for await (const chunk of body) bytes += chunk.length;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return bytes;
}

/** Memory of a process with shared pages (the node binary, twice 57 MB in RSS) divided among their users (proc(5), Pss). */
function processPssBytes(pid: number | null): number | null {
  if (pid === null) return null;
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

async function sample(host: RunningHost, minutes: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  for (;;) {
    const passed = (performance.now() - startedMs) / 60_000;
    const pid = await host.pidOf('broadcaster');
    const [own, engine] = [processRssBytes(host.started.pid), pid === null ? null : processRssBytes(pid)];
    if (own === null || engine === null) throw new Error('host or broadcaster is gone, or this is not Linux');
    samples.push({ minutes: passed, host: own / MB, broadcaster: engine / MB });
    if (passed >= minutes) return samples;
    await delay(SAMPLE_MS);
  }
}

/** Least-squares slope of host and broadcaster together, MB per hour. */
function slope(samples: readonly Sample[]): number {
  const n = samples.length;
  const meanX = samples.reduce((sum, one) => sum + one.minutes, 0) / n;
  const meanY = samples.reduce((sum, one) => sum + one.host + one.broadcaster, 0) / n;
  let above = 0;
  let below = 0;
  for (const { minutes, host, broadcaster } of samples) {
    above += (minutes - meanX) * (host + broadcaster - meanY);
    below += (minutes - meanX) ** 2;
  }
  return below === 0 ? Number.NaN : (above / below) * 60;
}
