import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { AsRun } from '../core/contract/queue.ts';
import { locateTools, type Tools } from '../core/media/tools.ts';
import { dataPaths } from '../core/platform/data-paths.ts';
import { openStudioReader } from '../core/store/open-studio-reader.ts';
import type { StudioReader } from '../core/store/studio-reader.ts';
import { type Detected, decodeMessages, detectStretches, measureCadence, measureLoudness } from './recording.ts';
import { report } from './report.ts';

/** How far a stretch in the recording may lie from where the as-run log says it should: join-in at a keyframe, pacing lead. */
const ALIGNMENT_SECONDS = 3;
/** Items shorter than this are too short for a loudness figure. */
const LOUDNESS_MINIMUM_SECONDS = 8;
const SAMPLE_EVERY_MS = 10_000;
/** The end of a recording is not decoded: a recorder that is stopped cuts through a packet. */
const LAST_SECONDS = 0.5;

const cli = join(import.meta.dirname, '..', 'cli', 'vvtvctl.js');

/**
 * `npm run bench -- soak [--minutes 30] [--library DIR] [--keep]`, or `--judge FOLDER` of a kept run: a real channel on the corpus; what the RTMP server
 * sends is recorded and then judged packet by packet: cadence, decoder messages, black, frozen and silent stretches that
 * the certified assets do not explain, loudness of each item; and the memory of host and broadcaster over the time.
 */
export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      minutes: { type: 'string', default: '30' },
      library: { type: 'string', default: process.env['VVTV_MEDIA_CORPUS'] ?? '../shared/media' },
      keep: { type: 'boolean', default: false },
      judge: { type: 'string' },
    },
  });
  if (values.judge !== undefined) return judge(values.judge);
  const minutes = Number(values.minutes);
  const root = mkdtempSync(join(tmpdir(), 'vvtv-soak-'));
  const data = join(root, 'data');
  mkdirSync(data);
  const recording = join(root, 'recording.flv');
  const host = spawn(process.execPath, [cli, 'run', '--data', data, '--library', resolve(values.library)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, VVTV_LOG_LEVEL: 'warn' },
  });
  const tools = await findTools(root);
  const memory: MemorySample[] = [];
  let recorder: ChildProcess | null = null;
  let recordedFromMs = 0;
  try {
    const rtmpUrl = await waitForAsset(data, host, 180_000);
    recordedFromMs = Date.now();
    recorder = spawn(
      tools.ffmpeg,
      ['-hide_banner', '-nostdin', '-v', 'error', '-i', rtmpUrl, '-c', 'copy', recording],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const endsAtMs = Date.now() + minutes * 60_000;
    while (Date.now() < endsAtMs) {
      await new Promise((wake) => setTimeout(wake, Math.min(SAMPLE_EVERY_MS, Math.max(0, endsAtMs - Date.now()))));
      memory.push(sampleMemory(data));
    }
  } finally {
    if (recorder) await stop(recorder, 'SIGINT');
    await stop(host, 'SIGTERM');
  }
  writeFileSync(join(root, NOTES), JSON.stringify({ recordedFromMs, memory } satisfies Notes));
  await judge(root);
  if (values.keep) console.log(`kept: ${root}`);
  else rmSync(root, { recursive: true, force: true });
}

const memorySampleSchema = z.object({ atMs: z.number(), hostBytes: z.number(), broadcasterBytes: z.number() });
type MemorySample = z.infer<typeof memorySampleSchema>;

/** What is noted beside a recording, so that it can be judged again. */
const notesSchema = z.object({ recordedFromMs: z.number(), memory: z.array(memorySampleSchema) });
type Notes = z.infer<typeof notesSchema>;
const NOTES = 'run.json';

interface Run {
  data: string;
  recording: string;
  recordedFromMs: number;
  ffmpeg: string;
}

async function judge(root: string): Promise<void> {
  const { recordedFromMs, memory } = notesSchema.parse(JSON.parse(readFileSync(join(root, NOTES), 'utf8')));
  const tools = await findTools(root);
  const recording = join(root, 'recording.flv');
  const run: Run = { data: join(root, 'data'), recording, recordedFromMs, ffmpeg: tools.ffmpeg };
  console.log(`recorded ${(statSync(recording).size / 2 ** 20).toFixed(1)} MiB; checking it`);
  const reader = openStudioReader(dataPaths(run.data).studioDb);
  try {
    const fps = reader.channel('main')?.profile.fps ?? 30;
    const asRun = reader.asRun('main', 100_000).filter((row) => row.endedAtMs !== null);
    const video = await measureCadence(tools.ffprobe, recording, 'video', 1000 / fps);
    const audio = await measureCadence(tools.ffprobe, recording, 'audio', 1024 / 48);
    const messages = await decodeMessages(tools.ffmpeg, recording, video.durationSeconds - LAST_SECONDS);
    const stretches = await detectStretches(tools.ffmpeg, recording);
    const expected = expectedStretches(reader, asRun, run.recordedFromMs);
    const unexplained = {
      black: stretches.black.filter((found) => !explained(found, expected.black)),
      frozen: stretches.frozen.filter((found) => !explained(found, [...expected.frozen, ...expected.black])),
      silent: stretches.silent.filter((found) => !explained(found, expected.silent)),
    };
    const loudness = await itemLoudness(run, asRun);
    for (const [kind, list] of Object.entries({ video: video.gaps, audio: audio.gaps }))
      for (const gap of list.slice(0, 20))
        console.log(`${kind} gap at ${gap.atSeconds.toFixed(3)} s: ${gap.deltaMs.toFixed(1)} ms`);
    for (const [kind, list] of Object.entries(unexplained))
      for (const it of list)
        console.log(`unexplained ${kind}: ${it.fromSeconds.toFixed(2)}–${it.toSeconds.toFixed(2)} s`);
    for (const message of messages.slice(0, 20)) console.log(`decoder: ${message}`);
    const slope = memorySlope(memory);
    const peak = Math.max(...memory.map((it) => it.hostBytes + it.broadcasterBytes)) / 2 ** 20;
    report('soak', {
      minutes: { value: video.durationSeconds / 60, unit: 'min', bar: null },
      items_aired: { value: asRun.filter((row) => row.kind === 'asset').length, unit: '', bar: null },
      video_gaps: { value: video.gaps.length, unit: '', bar: '= 0' },
      audio_gaps: { value: audio.gaps.length, unit: '', bar: '= 0' },
      av_drift_ms: { value: Math.abs(video.durationSeconds - audio.durationSeconds) * 1000, unit: 'ms', bar: '<= 60' },
      decode_messages: { value: messages.length, unit: '', bar: '= 0' },
      unexplained_black: { value: unexplained.black.length, unit: '', bar: '= 0' },
      unexplained_frozen: { value: unexplained.frozen.length, unit: '', bar: '= 0' },
      unexplained_silent: { value: unexplained.silent.length, unit: '', bar: '= 0' },
      loudness_items: { value: loudness.length, unit: '', bar: null },
      loudness_min_lufs: { value: loudness.length > 0 ? Math.min(...loudness) : null, unit: 'LUFS', bar: null },
      loudness_max_lufs: { value: loudness.length > 0 ? Math.max(...loudness) : null, unit: 'LUFS', bar: null },
      rss_peak_mib: { value: memory.length > 0 ? peak : null, unit: 'MiB', bar: '<= 260' },
      rss_slope_mib_per_h: { value: slope, unit: 'MiB/h', bar: null },
    });
  } finally {
    reader[Symbol.dispose]();
  }
}

function findTools(root: string): Promise<Tools> {
  const resourcesDir = join(import.meta.dirname, '..', 'resources');
  return locateTools({ settings: {}, resourcesDir, toolsFolder: root });
}

/** Waits until a prepared item is on air and returns where to watch it. */
async function waitForAsset(data: string, host: ChildProcess, withinMs: number): Promise<string> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    if (host.exitCode !== null) throw new Error(`the host ended with exit code ${host.exitCode}`);
    const status = await vvtvctl(data, 'status');
    const url = status === null ? null : readString(status, ['channel', 'watch', 'rtmpUrl']);
    const kind = status === null ? null : readString(status, ['status', 'program', 'kind']);
    if (url !== null && kind === 'asset') return url;
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  throw new Error(`no item was on air within ${withinMs / 1000} s`);
}

/** The JSON answer of a command; null while the host does not answer. */
async function vvtvctl(data: string, ...args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, [cli, '--data', data, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((done) => child.once('close', done));
  return code === 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null;
}

function readString(value: unknown, path: readonly string[]): string | null {
  let at: unknown = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return typeof at === 'string' ? at : null;
}

/** Asks once, and again after a while: ffmpeg may take the first signal only when its input pauses. */
async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  const again = setInterval(() => child.kill(signal), 10_000);
  await gone;
  clearInterval(again);
}

/** Where the recording may be black, frozen or silent: what QA found in each asset, laid on the as-run times. */
function expectedStretches(reader: StudioReader, asRun: readonly AsRun[], recordedFromMs: number) {
  const expected = { black: [] as Detected[], frozen: [] as Detected[], silent: [] as Detected[] };
  for (const row of asRun) {
    const asset = row.assetId === null ? null : reader.asset(row.assetId);
    if (!asset) continue;
    const fps = reader.channel('main')?.profile.fps ?? 30;
    const offset = (row.startedAtMs - recordedFromMs) / 1000 - row.fromFrame / fps;
    for (const kind of ['black', 'frozen', 'silent'] as const)
      for (const it of asset.qa[kind])
        expected[kind].push({ fromSeconds: offset + it.fromSeconds, toSeconds: offset + it.toSeconds });
    const whole = { fromSeconds: offset, toSeconds: offset + asset.durationMs / 1000 };
    // A source without sound airs with silence, one without a moving picture with a card.
    if (asset.qa.source.audio === null) expected.silent.push(whole);
    if (asset.qa.source.video === null) expected.frozen.push(whole);
  }
  return expected;
}

function explained(found: Detected, expected: readonly Detected[]): boolean {
  return expected.some(
    (it) =>
      found.fromSeconds >= it.fromSeconds - ALIGNMENT_SECONDS && found.toSeconds <= it.toSeconds + ALIGNMENT_SECONDS,
  );
}

async function itemLoudness(run: Run, asRun: readonly AsRun[]): Promise<number[]> {
  const figures: number[] = [];
  for (const row of asRun) {
    const fromSeconds = (row.startedAtMs - run.recordedFromMs) / 1000 + 2;
    const toSeconds = ((row.endedAtMs ?? row.startedAtMs) - run.recordedFromMs) / 1000 - 2;
    if (row.kind !== 'asset' || fromSeconds < 0 || toSeconds - fromSeconds < LOUDNESS_MINIMUM_SECONDS) continue;
    const lufs = await measureLoudness(run.ffmpeg, run.recording, { fromSeconds, toSeconds });
    console.log(`${lufs === null ? '   –  ' : lufs.toFixed(1)} LUFS  ${row.title}`);
    if (lufs !== null) figures.push(lufs);
  }
  return figures;
}

function sampleMemory(data: string): MemorySample {
  const paths = dataPaths(data);
  return {
    atMs: Date.now(),
    hostBytes: rssBytes(join(paths.run, 'host.json')),
    broadcasterBytes: rssBytes(join(paths.run, 'broadcaster.json')),
  };
}

/** Resident memory of the process named in a run file, from /proc; NaN when it is not running. */
function rssBytes(runFile: string): number {
  try {
    const pid: unknown = Reflect.get(JSON.parse(readFileSync(runFile, 'utf8')), 'pid');
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return match?.[1] === undefined ? Number.NaN : Number(match[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** Least-squares slope of the sum over the second half of the run, MiB per hour; null with too few samples. */
function memorySlope(samples: readonly MemorySample[]): number | null {
  const half = samples
    .slice(Math.floor(samples.length / 2))
    .filter((it) => Number.isFinite(it.hostBytes + it.broadcasterBytes));
  if (half.length < 10) return null;
  const hours = half.map((it) => it.atMs / 3_600_000);
  const mib = half.map((it) => (it.hostBytes + it.broadcasterBytes) / 2 ** 20);
  const meanX = hours.reduce((a, b) => a + b, 0) / hours.length;
  const meanY = mib.reduce((a, b) => a + b, 0) / mib.length;
  let covariance = 0;
  let variance = 0;
  hours.forEach((x, i) => {
    covariance += (x - meanX) * ((mib[i] ?? 0) - meanY);
    variance += (x - meanX) ** 2;
  });
  return covariance / variance;
}
