import { z } from 'zod';
import { type Filmstrip, filmstripSchema, type Loudness, loudnessSchema, type Stretch } from '../../contract/asset.ts';
import type { AssetIndex } from '../../contract/asset-index.ts';
import { StudioError } from '../../contract/errors.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { FfmpegLog, LOG_ARGS } from '../../media/ffmpeg-log.ts';
import { writeAssetIndex } from '../../media/mpegts/asset-index-file.ts';
import { indexAsset } from '../../media/mpegts/index-asset.ts';
import { type RunToolOptions, runTool } from '../../media/run-tool.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { AssetPaths } from '../../platform/data-paths.ts';
import { LoudnessCurveReader } from './loudness-curve.ts';
import { paletteOf } from './palette.ts';
import { planFilmstrip, posterFrame } from './pictures.ts';

/** What verifying found; stored as a checkpoint. */
export const verificationSchema = z.object({
  bytes: z.number(),
  headerHash: z.string(),
  loudness: loudnessSchema,
  filmstrip: filmstripSchema,
  averageColour: z.string(),
  palette: z.array(z.string()),
});
export type Verification = z.infer<typeof verificationSchema>;

export interface VerifyOptions {
  files: AssetPaths;
  profile: HouseProfile;
  frames: number;
  /** What every piece of the channel must have; null only while the first one is being made. */
  headerHash: string | null;
  black: readonly Stretch[];
  /** Share of the house frame that the picture covers. */
  inside: { width: number; height: number };
  run: Omit<RunToolOptions, 'args'>;
}

/**
 * Proves an encoded file before it may air, and writes its index, pictures and loudness curve: every time stamp and
 * header against the house format, then one whole decode that must be free of errors. Throws `HOUSE_MISMATCH`.
 */
export async function verifyAsset(options: VerifyOptions): Promise<{ verification: Verification; index: AssetIndex }> {
  const { files, profile, frames, run } = options;
  const index = await indexAsset(files.media, profile, run.signal ? { signal: run.signal } : {});
  if (index.frames !== frames) throw mismatch(options, `${index.frames} frames instead of ${frames}`);
  if (options.headerHash !== null && index.headerHash !== options.headerHash)
    throw mismatch(options, `SPS and PPS ${index.headerHash} instead of ${options.headerHash}`);
  await writeAssetIndex(files.index, index);

  const { filmstrip, loudness } = await decodeWhole(options);
  const colours = await paletteOf(files.filmstrip, filmstrip, options.inside);
  return {
    index,
    verification: { bytes: index.bytes, headerHash: index.headerHash, loudness, filmstrip, ...colours },
  };
}

async function decodeWhole(options: VerifyOptions): Promise<{ filmstrip: Filmstrip; loudness: Loudness }> {
  const { files, profile, frames } = options;
  const { everyFrames, ...filmstrip } = planFilmstrip(profile, frames);
  const log = new FfmpegLog();
  const curve = new LoudnessCurveReader();
  const graph = [
    '[0:v]split[one][many]',
    `[one]select=eq(n\\,${posterFrame(profile, frames, options.black)})[poster]`,
    `[many]select=not(mod(n\\,${everyFrames})),scale=${filmstrip.tileWidth}:${filmstrip.tileHeight},` +
      `tile=${filmstrip.columns}x${filmstrip.rows}[strip]`,
    '[0:a]ebur128=peak=true:metadata=1:framelog=quiet,ametadata=mode=print:file=-[curve]',
  ].join(';');
  const picture = ['-frames:v', '1', '-update', '1', '-q:v', '4', '-f', 'image2'];
  await runTool({
    ...options.run,
    args: [
      ...LOG_ARGS,
      '-y',
      ...['-f', 'mpegts', '-i', `file:${files.media}`, '-filter_complex', graph],
      ...['-map', '[poster]', ...picture, `file:${files.poster}`],
      ...['-map', '[strip]', ...picture, `file:${files.filmstrip}`],
      ...['-map', '[curve]', '-f', 'null', '-'],
      // The pictures alone would let ffmpeg stop before the end.
      ...['-map', '0:v', '-f', 'null', '-'],
    ],
    onStderrLine: (line) => log.take(line),
    onStdoutLine: (line) => curve.take(line),
  });
  const decoded = [...log.decoded.values()];
  const complaint = log.errors[0] ?? (decoded.some((count) => count.errors > 0) ? 'decode errors' : null);
  if (complaint !== null || log.corruptFrames > 0)
    throw mismatch(options, `decoding it again complains: ${complaint ?? 'damaged frames'}`);
  await writeFileAtomic(files.loudness, JSON.stringify(curve.curve()));
  const { integratedLufs, truePeakDbtp, rangeLu } = log.loudness;
  const gated = integratedLufs > -70;
  return {
    filmstrip,
    loudness: {
      integratedLufs: gated ? integratedLufs : null,
      truePeakDbtp: Number.isFinite(truePeakDbtp) ? truePeakDbtp : null,
      rangeLu: gated ? rangeLu : null,
    },
  };
}

function mismatch({ files }: VerifyOptions, what: string): StudioError {
  return new StudioError('HOUSE_MISMATCH', `${files.media}: ${what}`, { detail: { path: files.media } });
}
