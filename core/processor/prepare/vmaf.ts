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
/** Containers in which ffmpeg does not find the exact picture after a seek: these are read from their start. */
const INEXACT_SEEK = /mpegts|mpeg|hls|avi|flv|asf|mxf/;
/** Farthest point that is looked for by reading from the start, seconds. */
const UNSEEKABLE_SECONDS = 4;
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
  /** Leaves out all windows but the very start, for which no seek is needed. */
  onlyStart?: boolean;
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
  const compared = Math.min(WINDOW_FRAMES, options.frames);
  for (const [at, window] of windowsOf(options).entries()) {
    const { seekSeconds, settle } = window;
    const first = seekSeconds * profile.fps + settle;
    const gop = Math.floor(first / profile.gopFrames);
    const start = index.gops[gop]?.[0] ?? 0;
    const end = index.gops[Math.min(index.gops.length, Math.ceil((first + compared) / profile.gopFrames) + 1)]?.[0];
    const seconds = (settle + compared) / profile.fps + 0.5;
    args.push(...sourceInputArgs(options.path, { fromSeconds: seekSeconds, seconds }));
    args.push('-f', 'mpegts', '-i', `subfile,,start,${start},end,${end ?? index.bytes},,:${options.mediaPath}`);
    const inGop = first - gop * profile.gopFrames;
    graphs.push(
      `[${2 * at}:${video.index}]${pictureFilter(profile, video)},${houseTiming(profile, settle + compared)},trim=start_frame=${settle},setpts=N[r${at}]`,
      `[${2 * at + 1}:v]trim=start_frame=${inGop}:end_frame=${inGop + compared},settb=1/${profile.fps},setpts=N[a${at}]`,
      `[a${at}][r${at}]libvmaf=n_threads=2:n_subsample=2[v${at}]`,
    );
  }
  args.push('-filter_complex', graphs.join(';'));
  for (let at = 0; at < graphs.length / 3; at++) args.push('-map', `[v${at}]`);
  args.push('-f', 'null', '-');
  // ffmpeg counts time from the first stream in use: it must be the same ones as when the asset was made.
  const sound = inspection.audio?.index;
  if (sound !== undefined)
    for (let at = 0; at < graphs.length / 3; at++)
      args.push('-map', `${2 * at}:${sound}`, '-c:a', 'copy', '-f', 'null', '-');
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

interface Window {
  /** Where the source is sought, whole seconds. */
  seekSeconds: number;
  /** Frames after that before the first one that is compared. */
  settle: number;
}

/** Windows spread over the length; the first pictures of a short piece need no seek, and are all there are. */
function windowsOf({ profile, frames, inspection, onlyStart = false }: VmafOptions): Window[] {
  const seconds = frames / profile.fps;
  const last = Math.max(0, Math.floor(seconds - SETTLE_SECONDS - WINDOW_FRAMES / profile.fps));
  if (onlyStart || last === 0) return [{ seekSeconds: 0, settle: 0 }];
  if (INEXACT_SEEK.test(inspection.container))
    return [{ seekSeconds: 0, settle: Math.min(last, UNSEEKABLE_SECONDS) * profile.fps }];
  const count = 1 + MORE_WINDOWS.filter((limit) => seconds >= limit).length;
  const starts = new Set(Array.from({ length: count }, (_, at) => Math.round((last * (at + 1)) / (count + 1))));
  const settle = Math.round(SETTLE_SECONDS * profile.fps);
  return [...starts].map((seekSeconds) => ({ seekSeconds, settle: seekSeconds === 0 ? 0 : settle }));
}
