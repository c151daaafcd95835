import type { ProbedStream } from '../../media/probe.ts';

/** Most channels for which ffmpeg knows a usual layout. */
const MAX_KNOWN_CHANNELS = 8;

/**
 * Filters from the decoded sound to stereo. Surround is mixed down with centre and surrounds at −3 dB and without LFE,
 * scaled so that it cannot clip (ITU-R BS.775-3 §8, what swresample does); mono goes to both sides unchanged; of more
 * channels than any usual layout has, the first two are the programme.
 */
export function stereoFilter(audio: ProbedStream): string {
  const channels = audio.channels ?? 2;
  if (channels === 1) return 'pan=stereo|c0=c0|c1=c0';
  if (channels > MAX_KNOWN_CHANNELS) return 'pan=stereo|c0=c0|c1=c1';
  return 'aresample=clev=0.7071:slev=0.7071:lfe_mix_level=0,aformat=channel_layouts=stereo';
}
