import type { MediaProbe, ProbedStream } from '../../media/probe.ts';

export interface PickedStreams {
  /** The moving picture; never a cover. */
  video: ProbedStream | null;
  audio: ProbedStream | null;
  cover: ProbedStream | null;
}

const COVER_DISPOSITIONS = ['attached_pic', 'timed_thumbnails', 'still_image'];
/** Sound that is not the programme itself. */
const SIDE_DISPOSITIONS = ['comment', 'visual_impaired', 'hearing_impaired', 'karaoke', 'lyrics'];
const SIDE_TITLE = /comment|kommentar|audio ?description|descriptive/i;

function has(stream: ProbedStream, dispositions: readonly string[]): boolean {
  return dispositions.some((each) => stream.dispositions.has(each));
}

/** Compares by the first figure that differs, larger first; equal ones keep the order of the file. */
function bestBy(streams: ProbedStream[], figures: (stream: ProbedStream) => number[]): ProbedStream | null {
  const ranked = streams.map((stream) => ({ stream, figures: figures(stream) }));
  ranked.sort((a, b) => {
    const at = a.figures.findIndex((value, index) => value !== b.figures[index]);
    return at < 0 ? a.stream.index - b.stream.index : (b.figures[at] ?? 0) - (a.figures[at] ?? 0);
  });
  return ranked[0]?.stream ?? null;
}

/**
 * Chooses what airs. Video: real pictures before covers, then the largest, then the default one. Sound: the programme
 * before commentary and descriptions, then by language, default, at least stereo, sample rate.
 */
export function pickStreams(probe: MediaProbe, languages: readonly string[]): PickedStreams {
  const pictures = probe.streams.filter((s) => s.type === 'video' && s.codec !== 'none' && s.width > 0 && s.height > 0);
  const moving = pictures.filter((stream) => !has(stream, COVER_DISPOSITIONS));
  const covers = pictures.filter((stream) => has(stream, COVER_DISPOSITIONS));
  const sounds = probe.streams.filter((s) => s.type === 'audio' && s.codec !== 'none' && (s.channels ?? 0) > 0);
  const isDefault = (stream: ProbedStream) => (stream.dispositions.has('default') ? 1 : 0);
  return {
    video: bestBy(moving, (stream) => [stream.width * stream.height, isDefault(stream)]),
    cover: bestBy(covers, (stream) => [stream.width * stream.height]),
    audio: bestBy(sounds, (stream) => [
      has(stream, SIDE_DISPOSITIONS) || SIDE_TITLE.test(stream.title ?? '') ? 0 : 1,
      languageRank(stream.language, languages),
      isDefault(stream),
      (stream.channels ?? 0) >= 2 ? 1 : 0,
      stream.sampleRate ?? 0,
    ]),
  };
}

/** Higher is better; a language that is not listed is worse than one that is unknown. */
function languageRank(language: string | null, languages: readonly string[]): number {
  if (language === null) return 0;
  const at = languages.indexOf(language);
  return at >= 0 ? languages.length - at : languages.length > 0 ? -1 : 0;
}
