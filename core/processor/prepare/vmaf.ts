import type { AssetIndex } from '../../contract/asset-index.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { houseTiming } from '../../media/house-format.ts';
import { type RunToolOptions, runTool } from '../../media/run-tool.ts';
import type { Inspection } from './inspect-source.ts';
import { pictureFilter } from './picture-filter.ts';
import { sourceInputArgs } from './source-input.ts';

export interface VmafScores {
  /** Mean over the windows and the worst window, 0 to 100. */
  mean: number;
  min: number;
}

/** Frames compared in each window. */
const WINDOW_FRAMES = 24;
/** Pictures after a seek that may differ, since the one shown at the seek point began before it. */
const SETTLE_SECONDS = 0.5;
/** Length from which on a second and a third window are taken, seconds. */
const MORE_WINDOWS = [12, 45];

export interface VmafOptions {
  path: string;
  inspection: Inspection;
  profile: HouseProfile;
  frames: number;
  index: AssetIndex;
  mediaPath: string;
  run: Omit<RunToolOptions, 'args'>;
}

/**
 * VMAF (Netflix, v0.6.1 model of libvmaf) of a few short windows of the asset against the source, which goes through the
 * same filters. Windows start at whole seconds, where the frame grids of both agree after a seek; the asset's frames are
 * read from their GOP's byte range, so that only these are decoded. Null when no window could be compared.
 */
export async function sampleVmaf(options: VmafOptions): Promise<VmafScores | null> {
  const { profile, inspection, index } = options;
  const { video } = inspection;
  if (!video) return null;
  const scores: number[] = [];
  const args = ['-hide_banner', '-nostdin', '-v', 'level+info'];
  const graphs: string[] = [];
  const settle = Math.round(SETTLE_SECONDS * profile.fps);
  for (const [at, second] of windowSeconds(profile, options.frames).entries()) {
    const first = second * profile.fps + settle;
    const gop = Math.floor(first / profile.gopFrames);
    const start = index.gops[gop]?.[0] ?? 0;
    const end =
      index.gops[Math.min(index.gops.length, Math.ceil((first + WINDOW_FRAMES) / profile.gopFrames) + 1)]?.[0];
    const seconds = (settle + WINDOW_FRAMES) / profile.fps + 0.5;
    args.push(...sourceInputArgs(options.path, { fromSeconds: second, seconds }));
    args.push('-f', 'mpegts', '-i', `subfile,,start,${start},end,${end ?? index.bytes},,:${options.mediaPath}`);
    const inGop = first - gop * profile.gopFrames;
    graphs.push(
      `[${2 * at}:${video.index}]${pictureFilter(profile, video)},${houseTiming(profile, settle + WINDOW_FRAMES)},trim=start_frame=${settle},setpts=N[r${at}]`,
      `[${2 * at + 1}:v]trim=start_frame=${inGop}:end_frame=${inGop + WINDOW_FRAMES},settb=1/${profile.fps},setpts=N[a${at}]`,
      `[a${at}][r${at}]libvmaf=n_threads=2:n_subsample=2[v${at}]`,
    );
  }
  if (graphs.length === 0) return null;
  args.push('-filter_complex', graphs.join(';'));
  for (let at = 0; at < graphs.length / 3; at++) args.push('-map', `[v${at}]`);
  args.push('-f', 'null', '-');
  await runTool({
    ...options.run,
    args,
    onStderrLine: (line) => {
      const score = /VMAF score: ([\d.]+)/.exec(line);
      if (score) scores.push(Number(score[1]));
    },
  });
  if (scores.length === 0) return null;
  return { mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, min: Math.min(...scores) };
}

/** Whole seconds at which windows start, spread over the length; none when it is too short for one. */
function windowSeconds(profile: HouseProfile, frames: number): number[] {
  const seconds = frames / profile.fps;
  const last = Math.floor(seconds - SETTLE_SECONDS - WINDOW_FRAMES / profile.fps);
  if (last < 0) return [];
  const count = 1 + MORE_WINDOWS.filter((limit) => seconds >= limit).length;
  return [...new Set(Array.from({ length: count }, (_, at) => Math.round((last * (at + 1)) / (count + 1))))];
}
