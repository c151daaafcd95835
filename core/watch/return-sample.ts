import { houseMuxArgs } from '../media/house-format.ts';
import { TsDemuxer } from '../media/mpegts/demuxer.ts';
import { runTool } from '../media/run-tool.ts';
import type { Logger } from '../platform/logger.ts';
import { type StreamShape, streamShape } from './stream-shape.ts';

/** Size of the small grey pictures that are judged. */
const THUMB = { width: 64, height: 36 } as const;
const THUMB_BYTES = THUMB.width * THUMB.height;
const NICE = 15;
/** The media tool's own patience with a server that says nothing, µs. */
const READ_PATIENCE_US = 3_000_000;

/** What a viewer of the return saw and heard for a few seconds. */
export interface ReturnSample {
  /** Wall clock when reading began, Unix ms. */
  readonly atMs: number;
  /** Wall time that reading and judging took, ms. */
  readonly tookMs: number;
  readonly bytes: number;
  readonly shape: StreamShape;
  /** Keyframes as small grey pictures, 64 × 36 bytes each. */
  readonly thumbs: readonly Buffer[];
  /** Loudest sample of the sound, dBFS; null when there was none. */
  readonly peakDb: number | null;
}

export interface SampleOptions {
  readonly ffmpeg: string;
  readonly url: string;
  readonly seconds: number;
  readonly fps: number;
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

/**
 * Reads the return for a few seconds as a player would, without decoding, and looks at the time stamps; then decodes the
 * keyframes alone, scaled down, and the sound. Rejects with `DEADLINE` or `TOOL_FAILED` when nothing can be read, with
 * `TOOL_MISSING` when it cannot be tried.
 */
export async function sampleReturn(options: SampleOptions): Promise<ReturnSample> {
  const { ffmpeg, url, seconds, fps, deadlineMs, logger, signal, nowMs } = options;
  const atMs = nowMs();
  const common = { tool: ffmpeg, logger, signal, deadlineMs, nice: NICE };
  const read = await runTool({
    ...common,
    args: [
      ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-rw_timeout', String(READ_PATIENCE_US)],
      ...['-probesize', '65536', '-analyzeduration', '500000', '-i', url, '-t', String(seconds)],
      ...['-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy', ...houseMuxArgs(), 'pipe:1'],
    ],
  });
  const stream = read.stdout;
  const events = new TsDemuxer().push(stream);
  const shape = streamShape(
    events.filter((event) => event.type === 'unit'),
    fps,
  );
  const looked = await runTool({
    ...common,
    input: stream,
    args: [
      ...['-hide_banner', '-loglevel', 'info', '-nostats', '-threads', '1', '-skip_frame', 'nokey', '-f', 'mpegts'],
      ...['-i', 'pipe:0', '-map', '0:v:0', '-vf', `scale=${THUMB.width}:${THUMB.height}:flags=area,format=gray`],
      ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
      ...(shape.audioFrames > 0 ? ['-map', '0:a:0', '-af', 'volumedetect', '-f', 'null', '-'] : []),
    ],
  });
  const peak = /max_volume: (-?[\d.]+|-inf) dB/.exec(looked.stderrTail)?.[1];
  const { stdout } = looked;
  const thumbs = Array.from({ length: Math.floor(stdout.length / THUMB_BYTES) }, (_, number) =>
    stdout.subarray(number * THUMB_BYTES, (number + 1) * THUMB_BYTES),
  );
  return {
    ...{ atMs, tookMs: nowMs() - atMs, bytes: stream.length, shape, thumbs },
    peakDb: peak === undefined ? null : peak === '-inf' ? Number.NEGATIVE_INFINITY : Number(peak),
  };
}
