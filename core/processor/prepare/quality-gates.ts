import type { Stretch } from '../../contract/asset.ts';
import type { PlanReason } from '../../contract/plan.ts';
import type { PrepareSettings } from './gates.ts';
import type { Inspection } from './inspect-source.ts';
import type { Listening } from './listen.ts';
import type { Look } from './normalise.ts';

function total(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, stretch) => sum + stretch.toSeconds - stretch.fromSeconds, 0);
}

/** Seconds that lie in a stretch of both lists. */
function shared(a: readonly Stretch[], b: readonly Stretch[]): number {
  return a
    .flatMap((x) => b.map((y) => Math.min(x.toSeconds, y.toSeconds) - Math.max(x.fromSeconds, y.fromSeconds)))
    .reduce((sum, seconds) => sum + Math.max(0, seconds), 0);
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

interface GateVerdict {
  code: string;
  gate: keyof PrepareSettings;
  value: number;
  limit: number;
  message: string;
  at: number | null | undefined;
}

function reason({ code, gate, value, limit, message, at }: GateVerdict): PlanReason {
  const rounded = Math.round(value * 1000) / 1000;
  const atSeconds = at === null || at === undefined ? {} : { atSeconds: Math.max(0, at) };
  return { code, gate, value: rounded, limit, message, ...atSeconds };
}

/** Gates that need only the first pass: is enough of it readable, is there anything to hear in what has no picture. */
export function judgeListening(inspection: Inspection, heard: Listening, settings: PrepareSettings): PlanReason | null {
  const readable = inspection.kind === 'video' ? heard.videoEndSeconds : heard.audioEndSeconds;
  const promised = inspection.promisedSeconds;
  if (readable !== null && promised !== null && promised > 0 && readable / promised < settings.readableRatioMin)
    return reason({
      code: 'truncated',
      gate: 'readableRatioMin',
      value: readable / promised,
      limit: settings.readableRatioMin,
      message: `Only ${readable.toFixed(1)} s of the promised ${promised.toFixed(1)} s can be read.`,
      at: readable,
    });
  const silence = total(heard.silent) / Math.max(0.001, heard.audioEndSeconds ?? 0);
  if (inspection.kind === 'audio' && silence > settings.silentRatioMax)
    return reason({
      code: 'silent',
      gate: 'silentRatioMax',
      value: silence,
      limit: settings.silentRatioMax,
      message: `Sound only, and ${percent(silence)} of it is silence.`,
      at: heard.silent[0]?.fromSeconds,
    });
  const lost = heard.audioErrors / Math.max(1, heard.audioPackets);
  if (inspection.kind === 'audio' && lost > settings.damagedSoundRatioMax) return damagedSound(lost, settings);
  return null;
}

function damagedSound(lost: number, settings: PrepareSettings): PlanReason {
  const message = `${percent(lost)} of the sound cannot be decoded.`;
  const limit = settings.damagedSoundRatioMax;
  return reason({ code: 'damaged', gate: 'damagedSoundRatioMax', value: lost, limit, message, at: null });
}

/**
 * Gates over what was seen. Shares are of the whole length, so that a verdict reached while the run goes on stays true:
 * more of the source can only add to it.
 */
export function judgeLook(
  inspection: Inspection,
  heard: Listening,
  look: Look,
  seconds: number,
  settings: PrepareSettings,
): PlanReason | null {
  if (inspection.kind !== 'video') return null;
  const pictures = Math.max(heard.videoPackets, look.pictures, 1);
  const damaged = look.damagedPictures / pictures;
  if (damaged > settings.damagedRatioMax)
    return reason({
      code: 'damaged',
      gate: 'damagedRatioMax',
      value: damaged,
      limit: settings.damagedRatioMax,
      message: `${look.damagedPictures} of ${pictures} pictures are damaged (${percent(damaged)}).`,
      at: look.damagedAtSeconds,
    });
  const lostSound = look.damagedSoundPackets / Math.max(1, look.soundPackets);
  if (lostSound > settings.damagedSoundRatioMax) return damagedSound(lostSound, settings);
  const both = inspection.audio ? shared(look.black, heard.silent) / seconds : 0;
  if (both > settings.blackAndSilentRatioMax)
    return reason({
      code: 'black_and_silent',
      gate: 'blackAndSilentRatioMax',
      value: both,
      limit: settings.blackAndSilentRatioMax,
      message: `${percent(both)} of it is black and silent.`,
      at: look.black[0]?.fromSeconds,
    });
  const black = total(look.black) / seconds;
  if (black > settings.blackRatioMax)
    return reason({
      code: 'black',
      gate: 'blackRatioMax',
      value: black,
      limit: settings.blackRatioMax,
      message: `${percent(black)} of it is black.`,
      at: look.black[0]?.fromSeconds,
    });
  const frozen = total(look.frozen) / seconds;
  if (frozen > settings.frozenRatioMax && total(look.frozen) >= settings.frozenSecondsMin)
    return reason({
      code: 'frozen',
      gate: 'frozenRatioMax',
      value: frozen,
      limit: settings.frozenRatioMax,
      message: `The picture stands still for ${percent(frozen)} of it.`,
      at: look.frozen[0]?.fromSeconds,
    });
  return null;
}

/** What a person should know although the source passed. */
export function warningsOf(
  inspection: Inspection,
  heard: Listening,
  look: Look,
  seconds: number,
  settings: PrepareSettings,
): string[] {
  const warnings: string[] = [];
  const promised = inspection.promisedSeconds ?? 0;
  if (promised - seconds > Math.max(0.75, promised * 0.02) && inspection.kind !== 'still')
    warnings.push(`Only ${seconds.toFixed(1)} s of the promised ${promised.toFixed(1)} s are readable.`);
  if (inspection.audio && !heard.loudness)
    warnings.push('The sound is too quiet or too short to measure: its loudness was left as it is.');
  const longest = heard.silent.filter((s) => s.toSeconds - s.fromSeconds > settings.silenceWarningSeconds);
  for (const { fromSeconds, toSeconds } of longest.slice(0, 3))
    warnings.push(`Silent from ${fromSeconds.toFixed(1)} s to ${toSeconds.toFixed(1)} s.`);
  if (look.damagedPictures > 0)
    warnings.push(
      `${look.damagedPictures} pictures are damaged, the first near ${(look.damagedAtSeconds ?? 0).toFixed(1)} s.`,
    );
  if (look.damagedSoundPackets > 0) warnings.push(`${look.damagedSoundPackets} sound packets could not be decoded.`);
  if (heard.audioEndSeconds !== null && seconds - heard.audioEndSeconds > 1 && inspection.kind === 'video')
    warnings.push(`The sound ends at ${heard.audioEndSeconds.toFixed(1)} s, before the picture.`);
  return warnings;
}
