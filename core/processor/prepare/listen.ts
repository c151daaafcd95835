import { z } from 'zod';
import { stretchSchema } from '../../contract/asset.ts';
import { StudioError } from '../../contract/errors.ts';
import { FfmpegLog, LOG_ARGS } from '../../media/ffmpeg-log.ts';
import { type RunToolOptions, runTool } from '../../media/run-tool.ts';
import type { Inspection } from './inspect-source.ts';
import { PacketTimelineReader } from './packet-timeline.ts';
import { Rejection } from './rejection.ts';
import { stereoFilter } from './sound-filter.ts';
import { sourceInputArgs } from './source-input.ts';

/** What the first pass over a source found. Times are seconds from the start that ffmpeg gives the source. */
export const listeningSchema = z.object({
  videoPackets: z.number(),
  /** End of the last readable picture; null without a picture. */
  videoEndSeconds: z.number().nullable(),
  audioEndSeconds: z.number().nullable(),
  /** Null when there is no sound, or it is too quiet or too short to measure. */
  loudness: z
    .object({
      integratedLufs: z.number(),
      thresholdLufs: z.number(),
      rangeLu: z.number(),
      truePeakDbtp: z.number(),
    })
    .nullable(),
  silent: z.array(stretchSchema),
  audioPackets: z.number(),
  audioErrors: z.number(),
  /** Complaints of the demuxer and the decoders, at most a few. */
  errors: z.array(z.string()),
});
export type Listening = z.infer<typeof listeningSchema>;

/** Below it there is nothing to normalise: the gain would raise noise. */
const QUIET_LUFS = -60;
const SILENCE_DB = -60;
const SILENCE_SECONDS = 1;

export interface ListenOptions {
  path: string;
  inspection: Inspection;
  run: Omit<RunToolOptions, 'args'>;
  /** Time reached in the source, seconds. */
  onTime: (seconds: number) => void;
}

/**
 * First pass: reads the whole source once, decodes only the sound. Measures its loudness (EBU R 128) and silences, and
 * how far picture and sound are really readable. Rejects unreadable sources with `Rejection`.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { inspection, path } = options;
  const log = new FfmpegLog();
  const timeline = new PacketTimelineReader();
  const args = [...LOG_ARGS, ...sourceInputArgs(path)];
  if (inspection.video) args.push('-map', `0:${inspection.video.index}`, '-c:v', 'copy');
  if (inspection.audio) {
    const filters = [
      stereoFilter(inspection.audio),
      `silencedetect=n=${SILENCE_DB}dB:d=${SILENCE_SECONDS}`,
      'ebur128=peak=true:framelog=quiet',
    ];
    args.push('-map', `0:${inspection.audio.index}`, '-af', filters.join(','), '-c:a', 'pcm_s16le');
  }
  args.push('-f', 'framecrc', 'pipe:1');
  await runTool({
    ...options.run,
    args,
    onStderrLine: (line) => log.take(line),
    onStdoutLine: (line) => {
      const seconds = timeline.take(line);
      if (seconds !== null) options.onTime(seconds);
    },
  }).catch((error: unknown) => {
    throw asRejection(error, log);
  });

  const video = timeline.stream(0);
  const audio = inspection.audio ? timeline.stream(inspection.video ? 1 : 0) : null;
  log.finish(audio?.endSeconds ?? 0);
  const decoded = inspection.audio ? log.decoded.get(`0:${inspection.audio.index}`) : undefined;
  return {
    videoPackets: inspection.video ? video.packets : 0,
    videoEndSeconds: inspection.video ? video.endSeconds : null,
    audioEndSeconds: audio?.endSeconds ?? null,
    loudness: measurable(log, audio?.endSeconds ?? 0),
    silent: log.silent,
    audioPackets: decoded?.packets ?? 0,
    audioErrors: decoded?.errors ?? 0,
    errors: log.errors.slice(0, 5),
  };
}

/** Gating needs blocks of 400 ms (ITU-R BS.1770-5). */
const GATE_SECONDS = 0.4;

function measurable(log: FfmpegLog, seconds: number): Listening['loudness'] {
  const { integratedLufs, truePeakDbtp } = log.loudness;
  if (seconds < GATE_SECONDS || !(integratedLufs > QUIET_LUFS) || !Number.isFinite(truePeakDbtp)) return null;
  return { ...log.loudness };
}

/** A tool that gave up because of what it read means a bad source; one that was killed or crashed does not. */
export function asRejection(error: unknown, log: FfmpegLog): unknown {
  if (!(error instanceof StudioError) || error.code !== 'TOOL_FAILED' || error.detail['signal'] !== null) return error;
  const complaint = log.errors.join('\n') + error.message;
  if (
    !/Invalid data|Error opening input|Could not find|does not contain|no frame|End of file|not supported/i.test(
      complaint,
    )
  )
    return error;
  const quoted = log.errors.at(0)?.replace(/^.*\[(error|fatal)\]\s*/, '') ?? error.message;
  return new Rejection({ code: 'unreadable', message: `The source cannot be decoded (${quoted}).` }, error);
}
