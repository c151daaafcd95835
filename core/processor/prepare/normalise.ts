import { z } from 'zod';
import { stretchSchema } from '../../contract/asset.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { FfmpegLog, LOG_ARGS } from '../../media/ffmpeg-log.ts';
import { houseAudioFilter, houseCodecArgs, houseMuxArgs, houseTiming } from '../../media/house-format.ts';
import { type RunToolOptions, runTool } from '../../media/run-tool.ts';
import type { ToolProgress } from '../../media/tool-progress.ts';
import type { Inspection } from './inspect-source.ts';
import { asRejection, type Listening } from './listen.ts';
import { PacketTimelineReader } from './packet-timeline.ts';
import { fittedSize, pictureFilter } from './picture-filter.ts';
import { stereoFilter } from './sound-filter.ts';
import { normaliseInputs } from './source-input.ts';

/** What was seen while the source was encoded. Times are seconds of the asset. */
export const lookSchema = z.object({
  black: z.array(stretchSchema),
  frozen: z.array(stretchSchema),
  /** Pictures that came out of the decoder, and those that were lost or damaged. */
  pictures: z.number(),
  damagedPictures: z.number(),
  /** Where the first damage was noticed, seconds; a little late. */
  damagedAtSeconds: z.number().nullable(),
  soundPackets: z.number(),
  damagedSoundPackets: z.number(),
});
export type Look = z.infer<typeof lookSchema>;

export interface NormaliseOptions {
  path: string;
  inspection: Inspection;
  listening: Listening;
  profile: HouseProfile;
  frames: number;
  /** Picture for a source that has none. */
  stillPath: string | null;
  output: string;
  run: Omit<RunToolOptions, 'args'>;
  onProgress: (progress: ToolProgress) => void;
  /** Asked now and then with what was seen so far; a returned rejection ends the run at once. */
  hopeless: (look: Look) => unknown;
}

/** Every third picture at a small size is enough to see black and freezes, and costs next to nothing. */
const LOOK_EVERY = 3;
const LOOK_WIDTH = 160;
const BLACK_SECONDS = 0.5;
const FREEZE_SECONDS = 2;
/** Mean difference below which two pictures are the same; coding noise of a still picture stays under it. */
const FREEZE_NOISE_DB = -50;

/**
 * Second pass: encodes the source into the house format and, from the same decoding, watches for black and frozen
 * pictures and counts damaged ones. Rejects with what `hopeless` returned, or as `runTool` does.
 */
export async function normalise(options: NormaliseOptions): Promise<Look> {
  const { profile, frames, inspection } = options;
  const inputs = normaliseInputs(options.path, inspection, options.stillPath);
  const log = new FfmpegLog();
  const hopeless = new AbortController();
  const looks = new PacketTimelineReader();
  let damagedAtSeconds: number | null = null;
  let atSeconds = 0;
  const args = [
    ...LOG_ARGS,
    '-y',
    ...inputs.args,
    ...['-filter_complex', filterGraph(options, inputs.picture, inputs.sound)],
    ...['-map', '[picture]', '-map', '[sound]'],
    ...houseCodecArgs(profile, { constantRate: true }),
    ...houseMuxArgs(),
    `file:${options.output}`,
    // One line per look on stderr, between the complaints of the decoder: that tells where damage is.
    ...['-map', '[look]', '-f', 'framecrc', 'pipe:2'],
  ];
  const seen = (until: number) => lookOf(options, log, damagedAtSeconds, until);
  try {
    await runTool({
      ...options.run,
      args,
      signal: options.run.signal ? AbortSignal.any([options.run.signal, hopeless.signal]) : hopeless.signal,
      onStderrLine: (line) => {
        const lookedAt = looks.take(line);
        if (lookedAt !== null) {
          atSeconds = lookedAt;
          return;
        }
        log.take(line);
        if (damagedAtSeconds === null && log.corruptFrames > 0) damagedAtSeconds = atSeconds;
      },
      onProgress: (progress) => {
        options.onProgress(progress);
        const verdict = options.hopeless(seen(atSeconds));
        if (verdict && !progress.done) hopeless.abort(verdict);
      },
    });
  } catch (error) {
    if (hopeless.signal.aborted) throw hopeless.signal.reason;
    throw asRejection(error, log);
  }
  return seen(frames / profile.fps);
}

function filterGraph(
  { profile, frames, inspection, listening }: NormaliseOptions,
  picture: string,
  sound: string,
): string {
  const inside = fittedSize(profile, inspection.video ?? inspection.cover);
  const look = [
    `framestep=${LOOK_EVERY}`,
    `crop=${inside.width}:${inside.height}`,
    `scale=${LOOK_WIDTH}:-2:flags=area`,
    `blackdetect=d=${BLACK_SECONDS}`,
    'metadata=mode=print:key=lavfi.black_start',
    'metadata=mode=print:key=lavfi.black_end',
    `freezedetect=n=${FREEZE_NOISE_DB}dB:d=${FREEZE_SECONDS}`,
  ];
  const stereo = inspection.audio ? `${stereoFilter(inspection.audio)},` : '';
  return [
    `${picture}${pictureFilter(profile, inspection.video)},${houseTiming(profile, frames)},split[picture][seen]`,
    `[seen]${look.join(',')}[look]`,
    `${sound}${stereo}${houseAudioFilter(profile, frames, listening.loudness)}[sound]`,
  ].join(';');
}

function lookOf(
  { inspection }: NormaliseOptions,
  log: FfmpegLog,
  damagedAtSeconds: number | null,
  until: number,
): Look {
  const { black, frozen } = log.seenUntil(until);
  const video = inspection.video ? log.decoded.get(`0:${inspection.video.index}`) : undefined;
  const audio = inspection.audio ? log.decoded.get(`0:${inspection.audio.index}`) : undefined;
  return {
    black,
    frozen: frozen.filter((stretch) => !black.some((each) => covers(each, stretch))),
    pictures: video?.frames ?? 0,
    damagedPictures: log.corruptFrames + (video?.errors ?? 0),
    damagedAtSeconds,
    soundPackets: audio?.packets ?? 0,
    damagedSoundPackets: audio?.errors ?? 0,
  };
}

/** A black stretch is frozen too: it is reported once. */
function covers(black: { fromSeconds: number; toSeconds: number }, other: { fromSeconds: number; toSeconds: number }) {
  const shared = Math.min(black.toSeconds, other.toSeconds) - Math.max(black.fromSeconds, other.fromSeconds);
  return shared > 0.8 * (other.toSeconds - other.fromSeconds);
}
