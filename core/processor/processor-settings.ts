import { z } from 'zod';
import type { StudioReader } from '../store/studio-reader.ts';

const schema = z.object({
  /** Encodes that run at the same time. */
  max_concurrent_transcodes: z.number().int().min(1).max(16).catch(1),
  /** Bytes that must stay free on the data volume. */
  disk_reserve_bytes: z
    .number()
    .int()
    .min(0)
    .catch(2 * 2 ** 30),
  ffmpeg_path: z.string().catch(''),
  ffprobe_path: z.string().catch(''),
});
export type ProcessorSettings = z.infer<typeof schema>;

/** The settings of the processor as they are now; what is missing or makes no sense has its default. */
export function readProcessorSettings(reader: StudioReader): ProcessorSettings {
  const keys = Object.keys(schema.shape);
  return schema.parse(Object.fromEntries(keys.map((key) => [key, reader.setting(key)])));
}
