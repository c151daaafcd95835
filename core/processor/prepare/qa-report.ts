import type { QaReport } from '../../contract/asset.ts';
import { TARGET_LUFS } from '../../media/house-format.ts';
import type { ProbedStream } from '../../media/probe.ts';
import type { PrepareSettings } from './gates.ts';
import type { Inspection } from './inspect-source.ts';
import type { Listening } from './listen.ts';
import type { Look } from './normalise.ts';
import { warningsOf } from './quality-gates.ts';
import type { Verification } from './verify.ts';
import type { VmafScores } from './vmaf.ts';

export interface QaFacts {
  inspection: Inspection;
  heard: Listening;
  look: Look;
  verified: Verification;
  vmaf: VmafScores | null;
  /** Length of the asset. */
  seconds: number;
  settings: PrepareSettings;
}

/** Everything that was measured, as it is stored with the asset. */
export function qaReport(facts: QaFacts): QaReport {
  const { inspection, heard, look, verified, vmaf, seconds, settings } = facts;
  return {
    source: {
      container: inspection.container,
      durationSeconds: inspection.promisedSeconds,
      video: describeVideo(inspection.video),
      audio: describeAudio(inspection.audio),
      notes: inspection.notes,
    },
    black: look.black,
    // A still stands still by nature.
    frozen: inspection.kind === 'video' ? look.frozen : [],
    silent: heard.silent.filter((stretch) => stretch.fromSeconds < seconds),
    interlaced: inspection.video?.interlaced ?? false,
    loudnessBefore: {
      integratedLufs: heard.loudness?.integratedLufs ?? null,
      truePeakDbtp: heard.loudness?.truePeakDbtp ?? null,
      rangeLu: heard.loudness?.rangeLu ?? null,
    },
    loudnessAfter: verified.loudness,
    vmafMean: vmaf?.mean ?? null,
    vmafMin: vmaf?.min ?? null,
    averageColour: verified.averageColour,
    palette: verified.palette,
    warnings: [...warningsOf(inspection, heard, look, seconds, settings), ...loudnessWarning(heard, verified)],
  };
}

/** How far from the house loudness a measurable sound may end up before it is worth a word, LU. */
const LOUDNESS_TOLERANCE_LU = 2;

function loudnessWarning(heard: Listening, verified: Verification): string[] {
  const { integratedLufs } = verified.loudness;
  if (!heard.loudness || integratedLufs === null) return [];
  if (Math.abs(integratedLufs - TARGET_LUFS) <= LOUDNESS_TOLERANCE_LU) return [];
  return [`Loudness ${integratedLufs} LUFS instead of ${TARGET_LUFS}: its peaks stand too far above the rest.`];
}

function describeVideo(video: ProbedStream | null): string | null {
  if (!video) return null;
  const rate = video.averageFrameRate ?? video.frameRate;
  const fps = rate === null ? '' : ` ${Math.round(rate * 100) / 100} fps`;
  return `${video.codec} ${video.width}x${video.height}${fps} ${video.pixelFormat ?? ''}`.trim();
}

function describeAudio(audio: ProbedStream | null): string | null {
  if (!audio) return null;
  return `${audio.codec} ${audio.sampleRate ?? '?'} Hz ${audio.channelLayout ?? `${audio.channels} channels`}`;
}
