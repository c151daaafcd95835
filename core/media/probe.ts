import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { type RunToolOptions, runTool } from './run-tool.ts';

/** One stream of a source, as far as preparing needs it. Unknown figures are null; sizes are as coded, before rotation. */
export interface ProbedStream {
  index: number;
  type: 'video' | 'audio' | 'other';
  codec: string;
  profile: string | null;
  durationSeconds: number | null;
  startSeconds: number | null;
  language: string | null;
  title: string | null;
  dispositions: ReadonlySet<string>;
  bitRate: number | null;
  frameCount: number | null;
  width: number;
  height: number;
  pixelFormat: string | null;
  sampleAspect: string | null;
  frameRate: number | null;
  averageFrameRate: number | null;
  interlaced: boolean;
  /** Clockwise turn that shows it upright, degrees. */
  rotation: number;
  colourRange: 'tv' | 'pc' | null;
  colourSpace: string | null;
  colourTransfer: string | null;
  colourPrimaries: string | null;
  sampleRate: number | null;
  channels: number | null;
  channelLayout: string | null;
}

export interface MediaProbe {
  container: string;
  durationSeconds: number | null;
  title: string | null;
  streams: ProbedStream[];
}

/** Arguments that decide which streams are found, and may be opened: the same for ffprobe and for every ffmpeg run. */
export const OPEN_ARGS = ['-protocol_whitelist', 'file,crypto,data,subfile'] as const;

/** ffprobe writes numbers as numbers or as texts, and `N/A` or `unknown` for what it does not know. */
const numeric = z
  .union([z.number(), z.string()])
  .optional()
  .transform((value) => finite(typeof value === 'string' ? Number.parseFloat(value) : value));
const word = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === 'unknown' || value === 'N/A' ? null : value));

const tagsSchema = z.record(z.string(), z.string()).default({});
const streamSchema = z.object({
  index: z.number().int(),
  codec_type: word,
  codec_name: word,
  profile: z.union([z.string(), z.number()]).optional(),
  duration: numeric,
  start_time: numeric,
  bit_rate: numeric,
  nb_frames: numeric,
  width: numeric,
  height: numeric,
  pix_fmt: word,
  sample_aspect_ratio: word,
  r_frame_rate: word,
  avg_frame_rate: word,
  field_order: word,
  color_range: word,
  color_space: word,
  color_transfer: word,
  color_primaries: word,
  sample_rate: numeric,
  channels: numeric,
  channel_layout: word,
  disposition: z.record(z.string(), z.number()).default({}),
  tags: tagsSchema,
  side_data_list: z.array(z.looseObject({ rotation: numeric })).default([]),
});
const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string(), duration: numeric, tags: tagsSchema }),
});

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** `30000/1001` → 29.97; null for `0/0`. */
function ratio(text: string | null): number | null {
  const [over = Number.NaN, under = 1] = (text ?? '').split('/').map(Number);
  const value = over / under;
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** Reads ffprobe's JSON, of any version since 4.0 (rotation is a tag, side data, or both). Throws ZodError on other input. */
export function parseProbe(json: unknown): MediaProbe {
  const { format, streams } = probeSchema.parse(json);
  return {
    container: format.format_name,
    durationSeconds: format.duration,
    title: tag(format.tags, 'title'),
    streams: streams.map(toStream),
  };
}

function toStream(raw: z.output<typeof streamSchema>): ProbedStream {
  const type = raw.codec_type === 'video' || raw.codec_type === 'audio' ? raw.codec_type : 'other';
  const sideRotation = raw.side_data_list.find((data) => data.rotation !== null)?.rotation;
  const tagRotation = Number.parseFloat(tag(raw.tags, 'rotate') ?? '');
  // Side data counts counter-clockwise, the tag clockwise.
  const rotation = sideRotation !== undefined && sideRotation !== null ? -sideRotation : tagRotation || 0;
  return {
    index: raw.index,
    type,
    codec: raw.codec_name ?? 'none',
    profile: raw.profile === undefined ? null : String(raw.profile),
    durationSeconds: raw.duration,
    startSeconds: raw.start_time,
    language: tag(raw.tags, 'language'),
    title: tag(raw.tags, 'title') ?? tag(raw.tags, 'handler_name'),
    dispositions: new Set(Object.keys(raw.disposition).filter((key) => raw.disposition[key] === 1)),
    bitRate: raw.bit_rate,
    frameCount: raw.nb_frames,
    width: raw.width ?? 0,
    height: raw.height ?? 0,
    pixelFormat: raw.pix_fmt,
    sampleAspect: raw.sample_aspect_ratio,
    frameRate: ratio(raw.r_frame_rate),
    averageFrameRate: ratio(raw.avg_frame_rate),
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(raw.field_order ?? ''),
    rotation: ((Math.round(rotation) % 360) + 360) % 360,
    colourRange: raw.color_range === 'pc' || raw.color_range === 'tv' ? raw.color_range : null,
    colourSpace: raw.color_space,
    colourTransfer: raw.color_transfer,
    colourPrimaries: raw.color_primaries,
    sampleRate: raw.sample_rate,
    channels: raw.channels,
    channelLayout: raw.channel_layout,
  };
}

/** Tag names differ in case between containers. */
function tag(tags: Record<string, string>, name: string): string | null {
  const key = Object.keys(tags).find((each) => each.toLowerCase() === name);
  const value = key === undefined ? '' : (tags[key] ?? '').trim();
  return value === '' || value === 'und' ? null : value;
}

/**
 * Looks into a file with ffprobe. Rejects with `MEDIA_UNREADABLE` and ffprobe's reason when it is no media file, else as
 * `runTool` does.
 */
export async function probeMedia(path: string, run: Omit<RunToolOptions, 'args'>): Promise<MediaProbe> {
  const args = ['-v', 'error', ...OPEN_ARGS, '-show_format', '-show_streams', '-of', 'json', `file:${path}`];
  try {
    const { stdout } = await runTool({ ...run, args });
    return parseProbe(JSON.parse(stdout.toString('utf8')));
  } catch (cause) {
    if (cause instanceof StudioError && cause.code !== 'TOOL_FAILED') throw cause;
    if (cause instanceof StudioError && cause.detail['signal'] !== null) throw cause;
    throw new StudioError('MEDIA_UNREADABLE', `cannot be read as video or sound`, { detail: { path }, cause });
  }
}
