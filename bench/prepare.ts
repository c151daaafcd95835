import { access, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pino from 'pino';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { houseCodecArgs, houseMuxArgs, houseVideoFilter } from '../core/media/house-format.ts';
import { runTool } from '../core/media/run-tool.ts';
import { locateTools, type Tools } from '../core/media/tools.ts';
import { DEFAULT_PREPARE_SETTINGS } from '../core/processor/prepare/gates.ts';
import { prepareSource } from '../core/processor/prepare/prepare-source.ts';
import { treeCpuSeconds } from './cpu-time.ts';
import { report } from './report.ts';

const CLIP = 'vp8_70s_sar_tears-of-steel.webm';
const ROUNDS = 2;
const logger = pino({ level: 'silent' });

interface Cost {
  wallSeconds: number;
  cpuSeconds: number;
}

/**
 * The whole preparing of a clip (hash to pictures, with QA and VMAF) against nothing but the two-pass ffmpeg encode with
 * the same settings, alternating in one run. `npm run bench -- prepare [clip]`.
 */
export async function run(): Promise<void> {
  const clip = process.argv[3] ?? (await corpusClip());
  const work = await mkdtemp(join(tmpdir(), 'vvtv-prepare-'));
  try {
    const tools = await locateTools({ settings: {}, resourcesDir: 'resources', toolsFolder: join(work, 'tools') });
    const bare: Cost[] = [];
    const whole: Cost[] = [];
    let frames = 0;
    for (let round = 0; round < ROUNDS; round++) {
      whole.push(
        await costOf(async () => {
          frames = await prepareWhole(clip, join(work, `asset${round}`), tools);
        }),
      );
      bare.push(await costOf(() => encodeBare(clip, join(work, 'bare.ts'), frames, tools)));
    }
    const best = (costs: Cost[], figure: keyof Cost) => Math.min(...costs.map((cost) => cost[figure]));
    const seconds = frames / DEFAULT_PROFILE.fps;
    const ratio = (figure: keyof Cost) => best(bare, figure) / best(whole, figure);
    report('prepare', {
      speed_ratio: { value: ratio('cpuSeconds'), unit: 'bare CPU / whole CPU', bar: '>= 0.85' },
      wall_speed_ratio: { value: ratio('wallSeconds'), unit: 'bare wall / whole wall', bar: '>= 0.85' },
      bare_cpu_s: { value: best(bare, 'cpuSeconds'), unit: 's', bar: null },
      whole_cpu_s: { value: best(whole, 'cpuSeconds'), unit: 's', bar: null },
      bare_wall_s: { value: best(bare, 'wallSeconds'), unit: 's', bar: null },
      whole_wall_s: { value: best(whole, 'wallSeconds'), unit: 's', bar: null },
      times_real_time: { value: seconds / best(whole, 'wallSeconds'), unit: 'x', bar: null },
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function corpusClip(): Promise<string> {
  const path = resolve(process.env['VVTV_MEDIA_CORPUS'] ?? '../shared/media', CLIP);
  try {
    await access(path);
    return path;
  } catch (cause) {
    throw new Error(`no ${path}: set VVTV_MEDIA_CORPUS, or name a clip`, { cause });
  }
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const cpu = treeCpuSeconds(process.pid) ?? Number.NaN;
  const start = performance.now();
  await work();
  return {
    wallSeconds: (performance.now() - start) / 1000,
    cpuSeconds: (treeCpuSeconds(process.pid) ?? Number.NaN) - cpu,
  };
}

async function prepareWhole(clip: string, workFolder: string, tools: Tools): Promise<number> {
  const { frames } = await prepareSource({
    source: { path: clip, title: 'bench' },
    ...{ profile: DEFAULT_PROFILE, settings: DEFAULT_PREPARE_SETTINGS, tools, canCompare: true, workFolder },
    headerHash: null,
    newAssetId: () => 'bench',
    checkpoint: null,
    save: async () => undefined,
    duplicateOf: () => null,
    onProgress: () => undefined,
    logger,
  });
  return frames;
}

/** The recipe of a plain two-pass loudness-normalised encode, by hand. */
async function encodeBare(clip: string, output: string, frames: number, tools: Tools): Promise<void> {
  const base = ['-hide_banner', '-nostdin', '-y', '-v', 'info', '-i', clip];
  const target = 'loudnorm=I=-16:TP=-1.5:LRA=11';
  const first = await runTool({
    tool: tools.ffmpeg,
    args: [...base, '-vn', '-af', `${target}:print_format=json`, '-f', 'null', '-'],
    logger,
  });
  const measured: Record<string, string> = JSON.parse(/\{[^{}]*"input_i"[^{}]*\}/.exec(first.stderrTail)?.[0] ?? '{}');
  const second =
    `${target}:measured_I=${measured['input_i']}:measured_TP=${measured['input_tp']}:measured_LRA=${measured['input_lra']}` +
    `:measured_thresh=${measured['input_thresh']}:offset=${measured['target_offset']}:linear=true`;
  const samples = (frames / DEFAULT_PROFILE.fps) * 48_000 + 4096;
  const sound = `${second},aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo,apad,atrim=end_sample=${samples}`;
  await runTool({
    tool: tools.ffmpeg,
    args: [
      ...[...base, '-map', '0:v:0', '-map', '0:a:0', '-vf', houseVideoFilter(DEFAULT_PROFILE, frames), '-af', sound],
      ...houseCodecArgs(DEFAULT_PROFILE, { constantRate: true }),
      ...[...houseMuxArgs(), output],
    ],
    logger,
  });
  await stat(output);
}
