import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Filmstrip, QaReport } from '../../contract/asset.ts';
import { GRID_FRAMES, type HouseProfile, profileId } from '../../contract/profile.ts';
import { gridFrames } from '../../media/house-format.ts';
import { readAssetIndex } from '../../media/mpegts/asset-index-file.ts';
import type { RunToolOptions } from '../../media/run-tool.ts';
import type { Tools } from '../../media/tools.ts';
import { type AssetPaths, assetPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import { type Checkpoint, type PrepareStep, resumeCheckpoint } from './checkpoint.ts';
import { contentHash } from './content-hash.ts';
import type { PrepareSettings } from './gates.ts';
import { type Inspection, inspectSource } from './inspect-source.ts';
import { type Listening, listen } from './listen.ts';
import { normalise } from './normalise.ts';
import { fittedSize } from './picture-filter.ts';
import { qaReport } from './qa-report.ts';
import { judgeListening, judgeLook } from './quality-gates.ts';
import { Rejection } from './rejection.ts';
import { writeStillPicture } from './still-picture.ts';
import { verifyAsset } from './verify.ts';
import { sampleVmaf } from './vmaf.ts';

export interface PrepareSourceOptions {
  source: { path: string; title: string };
  profile: HouseProfile;
  settings: PrepareSettings;
  tools: Tools;
  /** False when libvmaf is missing. */
  canCompare: boolean;
  headerHash: string | null;
  /** Folder of this job alone; it holds the finished files when the call resolves. */
  workFolder: string;
  newAssetId: () => string;
  /** As stored with the job; anything that does not fit is ignored. */
  checkpoint: unknown;
  /** Stores the checkpoint after a step, before the next one starts. */
  save: (step: PrepareStep, checkpoint: Checkpoint) => Promise<void>;
  /** Title of another programme with the same bytes, or null. */
  duplicateOf: (contentHash: string) => string | null;
  /** `fraction` is of the whole job; `speed` in source seconds per second. */
  onProgress: (step: PrepareStep, fraction: number, speed: number | null) => void;
  logger: Logger;
  signal?: AbortSignal | undefined;
  nice?: number | undefined;
  childrenFolder?: string | undefined;
}

export interface PreparedSource {
  assetId: string;
  contentHash: string;
  frames: number;
  bytes: number;
  headerHash: string;
  filmstrip: Filmstrip;
  qa: QaReport;
  files: AssetPaths;
}

/** Share of the whole job reached when a step ends. */
const REACHED: Record<PrepareStep, number> = {
  hash: 0.02,
  inspect: 0.03,
  listen: 0.08,
  normalise: 0.86,
  verify: 0.95,
  compare: 0.99,
  certify: 1,
};

/** Longest run of a pass over a source: a constant, and seconds per second of source on a very slow machine. */
const PATIENCE = { baseMs: 120_000, listen: 5, normalise: 120, verify: 30, unknownSeconds: 6 * 3600 };

/**
 * Prepares one source up to, not including, its certification in the store: hash, inspect, listen, normalise with the
 * picture checks, verify with pictures, compare with the source. Resumes from `checkpoint`. Throws `Rejection` when the
 * source is not fit for air, a `StudioError` when something else went wrong.
 */
export async function prepareSource(options: PrepareSourceOptions): Promise<PreparedSource> {
  const { source, profile, settings, save } = options;
  const progress = (step: PrepareStep, within: number, speed: number | null = null) =>
    options.onProgress(step, stepStart(step) + (REACHED[step] - stepStart(step)) * Math.min(1, within), speed);
  let known = await openCheckpoint(options);
  const keep = async (step: PrepareStep, more: Partial<Checkpoint>) => {
    known = { ...known, ...more };
    await save(step, known);
  };

  progress('hash', 0);
  if (known.source.bytes === 0) throw new Rejection({ code: 'empty', message: 'The file is empty (0 bytes).' });
  const hash = known.contentHash ?? (await contentHash(source.path, options.signal)).hash;
  rejectDuplicate(options, hash);
  if (known.contentHash === undefined) await keep('hash', { contentHash: hash });

  progress('inspect', 0);
  const inspection = await inspectSource({
    path: source.path,
    profile,
    settings,
    run: runOptions(options, 'ffprobe', 0),
  });
  const promised = inspection.promisedSeconds ?? PATIENCE.unknownSeconds;

  const heard =
    known.listening ?? (await hear(options, inspection, (seconds) => progress('listen', seconds / promised)));
  rejectFor(judgeListening(inspection, heard, settings));
  if (known.listening === undefined) await keep('listen', { listening: heard });

  const frames = framesToMake(profile, settings, inspection, heard);
  const files = assetPaths(options.workFolder);
  if (known.normalised === undefined) {
    await mkdir(options.workFolder, { recursive: true });
    const stillPath = join(options.workFolder, 'still.png');
    const still = await writeStillPicture(inspection, source, profile, stillPath, runOptions(options, 'ffmpeg', 0));
    const look = await normalise({
      path: source.path,
      inspection,
      listening: heard,
      profile,
      frames,
      stillPath: still,
      output: files.media,
      run: runOptions(options, 'ffmpeg', PATIENCE.normalise * (frames / profile.fps)),
      onProgress: ({ frame, speed }) => progress('normalise', (frame ?? 0) / frames, speed),
      hopeless: (seen) => {
        const reason = judgeLook(inspection, heard, seen, frames / profile.fps, settings);
        return reason && new Rejection(reason);
      },
    });
    await rm(stillPath, { force: true });
    rejectFor(judgeLook(inspection, heard, look, frames / profile.fps, settings));
    const { size } = await stat(files.media);
    await keep('normalise', { normalised: { look, frames, bytes: size }, verification: undefined, vmaf: undefined });
  }
  const look = known.normalised?.look;
  if (!look) throw new RangeError('normalised without a look');

  progress('verify', 0);
  const inner = fittedSize(profile, inspection.video ?? inspection.cover);
  const run = runOptions(options, 'ffmpeg', PATIENCE.verify * (frames / profile.fps));
  if (known.verification === undefined) {
    const { verification } = await verifyAsset({
      files,
      profile,
      frames,
      headerHash: options.headerHash,
      black: look.black,
      inside: { width: inner.width / profile.width, height: inner.height / profile.height },
      run,
    });
    await keep('verify', { verification });
  }
  const verified = known.verification;
  if (!verified) throw new RangeError('verified without a verification');

  progress('compare', 0);
  if (known.vmaf === undefined) {
    const vmaf = options.canCompare ? await compare(options, inspection, frames, files, run) : null;
    await keep('compare', { vmaf });
  }
  const vmaf = known.vmaf ?? null;
  if (vmaf && vmaf.mean < settings.vmafMin) rejectFor(unlikeSource(vmaf.mean, settings));
  progress('certify', 0);
  return {
    assetId: known.assetId,
    contentHash: hash,
    frames,
    bytes: verified.bytes,
    headerHash: verified.headerHash,
    filmstrip: verified.filmstrip,
    qa: qaReport({ inspection, heard, look, verified, vmaf, seconds: frames / profile.fps, settings }),
    files,
  };
}

function stepStart(step: PrepareStep): number {
  const before = Object.values(REACHED).filter((reached) => reached < REACHED[step]);
  return before.at(-1) ?? 0;
}

/** Goes on where the job was left, as long as the source and the files of the finished steps are still the same. */
async function openCheckpoint(options: PrepareSourceOptions): Promise<Checkpoint> {
  const { size, mtimeMs } = await stat(options.source.path);
  const known = resumeCheckpoint(options.checkpoint, {
    version: 1,
    assetId: options.newAssetId(),
    profileId: profileId(options.profile),
    source: { bytes: size, modifiedMs: mtimeMs },
  });
  const files = assetPaths(options.workFolder);
  const media = await stat(files.media).catch(() => null);
  if (known.normalised && media?.size === known.normalised.bytes) return known;
  await rm(options.workFolder, { recursive: true, force: true });
  return { ...known, normalised: undefined, verification: undefined, vmaf: undefined };
}

async function hear(
  options: PrepareSourceOptions,
  inspection: Inspection,
  onTime: (seconds: number) => void,
): Promise<Listening> {
  if (inspection.kind === 'still') {
    const none = { videoPackets: 0, videoEndSeconds: null, audioEndSeconds: null, loudness: null };
    return { ...none, silent: [], audioPackets: 0, audioErrors: 0, errors: [] };
  }
  const seconds = inspection.promisedSeconds ?? PATIENCE.unknownSeconds;
  const run = runOptions(options, 'ffmpeg', PATIENCE.listen * seconds);
  return listen({ path: options.source.path, inspection, run, onTime });
}

/** Length of the asset: that of the readable picture, else of the sound, else of the still; in whole grid units. */
function framesToMake(
  profile: HouseProfile,
  settings: PrepareSettings,
  inspection: Inspection,
  heard: Listening,
): number {
  const readable =
    inspection.kind === 'still'
      ? settings.stillSeconds
      : inspection.kind === 'video'
        ? heard.videoEndSeconds
        : heard.audioEndSeconds;
  if (readable === null || readable <= 0)
    throw new Rejection({ code: 'unreadable', message: 'Nothing of its picture or sound can be read.' });
  const frames = gridFrames(profile, readable);
  if (frames > 0) return frames;
  // Half a grid unit rounds up to one.
  const limit = GRID_FRAMES[profile.fps] / profile.fps / 2;
  throw new Rejection({
    code: 'too_short',
    gate: 'grid',
    value: Math.round(readable * 1000) / 1000,
    limit: Math.round(limit * 1000) / 1000,
    message: `${readable.toFixed(2)} s is too short for the air.`,
  });
}

async function compare(
  options: PrepareSourceOptions,
  inspection: Inspection,
  frames: number,
  files: AssetPaths,
  run: Omit<RunToolOptions, 'args'>,
): Promise<{ mean: number; min: number } | null> {
  const { profile, source } = options;
  const index = await readAssetIndex(files.index);
  const vmaf = { path: source.path, inspection, profile, frames, index, mediaPath: files.media, run };
  const scores = await sampleVmaf(vmaf);
  // Some sources give other pictures after a seek than when read through: those are judged by their start.
  return scores && scores.mean < options.settings.vmafMin ? sampleVmaf({ ...vmaf, onlyStart: true }) : scores;
}

function runOptions(options: PrepareSourceOptions, tool: keyof Tools, seconds: number): Omit<RunToolOptions, 'args'> {
  const { logger, signal, nice, childrenFolder } = options;
  const deadlineMs = PATIENCE.baseMs + seconds * 1000;
  return { tool: options.tools[tool], logger, signal, nice, childrenFolder, deadlineMs };
}

function rejectFor(reason: Rejection['reason'] | null): void {
  if (reason) throw new Rejection(reason);
}

function rejectDuplicate(options: PrepareSourceOptions, hash: string): void {
  const other = options.duplicateOf(hash);
  if (other !== null) rejectFor({ code: 'duplicate', message: `The same bytes are already there as “${other}”.` });
}

function unlikeSource(mean: number, settings: PrepareSettings): Rejection['reason'] {
  const message = 'The prepared picture does not look like the source.';
  return {
    code: 'unlike_source',
    gate: 'vmafMin',
    value: Math.round(mean * 10) / 10,
    limit: settings.vmafMin,
    message,
  };
}
