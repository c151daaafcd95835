import { z } from 'zod';
import type { StudioReader } from '../store/studio-reader.ts';

const schema = z.object({
  /** Milliseconds from one round of checks to the next. */
  watchdog_interval_ms: z.number().int().min(200).max(3_600_000).catch(30_000),
  /** Length of the sample of the return. */
  watchdog_sample_seconds: z.number().min(1).max(30).catch(4),
  ffmpeg_path: z.string().catch(''),
  ffprobe_path: z.string().catch(''),
});

export interface WatchSettings {
  readonly intervalMs: number;
  readonly sampleSeconds: number;
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

/** The settings of the watchdog; what is missing or makes no sense has its default. */
export function readWatchSettings(reader: StudioReader): WatchSettings {
  const keys = Object.keys(schema.shape);
  const stored = schema.parse(Object.fromEntries(keys.map((key) => [key, reader.setting(key)])));
  return {
    intervalMs: stored.watchdog_interval_ms,
    sampleSeconds: stored.watchdog_sample_seconds,
    ffmpegPath: stored.ffmpeg_path,
    ffprobePath: stored.ffprobe_path,
  };
}
