import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import sharp from 'sharp';
import { describeError, StudioError } from '../../contract/errors.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { type MediaProbe, type ProbedStream, probeMedia } from '../../media/probe.ts';
import type { RunToolOptions } from '../../media/run-tool.ts';
import type { PrepareSettings } from './gates.ts';
import { pickStreams } from './pick-streams.ts';
import { Rejection } from './rejection.ts';

/** What a source is and which of its streams air. */
export interface Inspection {
  kind: 'video' | 'audio' | 'still';
  container: string;
  /** Length that the file promises, seconds; null when it does not say. A still: how long it is shown. */
  promisedSeconds: number | null;
  video: ProbedStream | null;
  audio: ProbedStream | null;
  cover: ProbedStream | null;
  /** What was found and chosen, as short sentences. */
  notes: string[];
}

export interface InspectOptions {
  path: string;
  profile: HouseProfile;
  settings: PrepareSettings;
  run: Omit<RunToolOptions, 'args'>;
}

const STILL_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.bmp']);

/** Looks into the source. Throws `Rejection` (`empty`, `unreadable`, `no_video_or_audio`) when there is nothing to air. */
export async function inspectSource(options: InspectOptions): Promise<Inspection> {
  if (STILL_EXTENSIONS.has(extname(options.path).toLowerCase())) {
    const still = await inspectStill(options);
    if (still) return still;
  }
  const probe = await probeMedia(options.path, options.run).catch(async (error: unknown) => {
    if (!(error instanceof StudioError) || error.code !== 'MEDIA_UNREADABLE') throw error;
    throw new Rejection({ code: 'unreadable', message: await unreadableSentence(options.path, error) }, error);
  });
  const { video, audio, cover } = pickStreams(probe, options.settings.languages);
  const base = { container: probe.container, video, audio, cover };
  if (video) {
    const promisedSeconds = video.durationSeconds ?? probe.durationSeconds;
    return { ...base, kind: 'video', promisedSeconds, notes: notesOf(probe, video, audio) };
  }
  if (audio) {
    const promisedSeconds = audio.durationSeconds ?? probe.durationSeconds;
    const picture = cover ? 'sound only, shown with its cover' : 'sound only, shown with a title card';
    return { ...base, kind: 'audio', promisedSeconds, notes: [picture, ...soundNotes(probe, audio)] };
  }
  throw new Rejection({ code: 'no_video_or_audio', message: 'The file holds neither video nor sound.' });
}

/** Null when it is no picture although it is named like one. */
async function inspectStill(options: InspectOptions): Promise<Inspection | null> {
  try {
    const { width, height, format } = await sharp(options.path, { failOn: 'error' }).metadata();
    return {
      kind: 'still',
      container: format,
      promisedSeconds: options.settings.stillSeconds,
      video: null,
      audio: null,
      cover: null,
      notes: [`still picture ${width}x${height}, shown for ${options.settings.stillSeconds} s with silence`],
    };
  } catch {
    // Not readable as a picture: what it is, the probe will say.
    return null;
  }
}

function notesOf(probe: MediaProbe, video: ProbedStream, audio: ProbedStream | null): string[] {
  const notes: string[] = [];
  if (video.rotation !== 0) notes.push(`turned upright by ${video.rotation}°`);
  if (video.interlaced) notes.push('interlaced: deinterlaced');
  if (isVariableRate(video)) notes.push('variable frame rate: made constant');
  if (isHdr(video)) notes.push('HDR: tone-mapped to bt.709');
  if (video.colourRange === 'pc' || video.pixelFormat?.startsWith('yuvj')) notes.push('full range: mapped to TV range');
  if (!['1:1', '0:1', null].includes(video.sampleAspect)) notes.push(`pixel aspect ${video.sampleAspect}`);
  if (probe.streams.filter((s) => s.type === 'video' && !s.dispositions.has('attached_pic')).length > 1)
    notes.push(`several pictures: stream ${video.index} chosen`);
  return audio ? [...notes, ...soundNotes(probe, audio)] : [...notes, 'no sound: silence added'];
}

/** Average and base rate that differ by more than this share mean that pictures come at uneven times. */
const RATE_TOLERANCE = 0.02;

/** The rate of interlaced pictures may be given in fields: those are no sign of anything. */
function isVariableRate({ frameRate, averageFrameRate, interlaced }: ProbedStream): boolean {
  if (frameRate === null || averageFrameRate === null || interlaced) return false;
  return Math.abs(frameRate - averageFrameRate) / frameRate > RATE_TOLERANCE;
}

function soundNotes(probe: MediaProbe, audio: ProbedStream): string[] {
  const notes: string[] = [];
  const channels = audio.channels ?? 0;
  if (channels > 2) notes.push(`${channels} channels mixed down to stereo`);
  if (channels === 1) notes.push('mono spread to stereo');
  if (probe.streams.filter((s) => s.type === 'audio').length > 1)
    notes.push(`several sound tracks: stream ${audio.index}${audio.language ? ` (${audio.language})` : ''} chosen`);
  return notes;
}

/** True for PQ (SMPTE ST 2084) and HLG (ARIB STD-B67) pictures. */
export function isHdr(video: ProbedStream): boolean {
  return video.colourTransfer === 'smpte2084' || video.colourTransfer === 'arib-std-b67';
}

async function unreadableSentence(path: string, error: StudioError): Promise<string> {
  if (/^(<!doctype html|<html|<\?xml)/i.test(await firstText(path)))
    return 'This is a web page saved under the name of a video.';
  const why = /: ([^·]*)$/.exec(describeError(error))?.[1] ?? describeError(error);
  return /moov atom not found/.test(describeError(error))
    ? 'The recording was never finished: its table of contents (moov) is missing.'
    : `The file cannot be read as video or sound (${why.trim()}).`;
}

async function firstText(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
  return buffer.toString('latin1', 0, bytesRead).trimStart();
}
