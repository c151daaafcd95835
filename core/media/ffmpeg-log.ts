import type { Stretch } from '../contract/asset.ts';

/** ffmpeg arguments for output this file can read: every line, with its level, decode counts included. */
export const LOG_ARGS = ['-hide_banner', '-nostdin', '-v', 'repeat+level+verbose'] as const;

/** What the decoder of one input stream made of it. */
export interface DecodeCount {
  packets: number;
  frames: number;
  errors: number;
}

const NUMBER = '(-?[\\d.]+(?:e[+-]?\\d+)?|-?inf|nan)';
const BLACK = new RegExp(`black_start:${NUMBER} black_end:${NUMBER}`);
const BLACK_BEGUN = new RegExp(`lavfi\\.black_start=${NUMBER}`);
const SILENCE = new RegExp(`silence_(start|end): ${NUMBER}`);
const FREEZE = new RegExp(`freeze_(start|end): ${NUMBER}`);
const DECODED =
  /Input stream #(\d+):(\d+) \((video|audio)\): (\d+) packets read \(\d+ bytes\); (\d+) frames decoded; (\d+) decode errors/;
const SUMMARY = new RegExp(`^\\s*(I|LRA|Peak|Threshold):\\s+${NUMBER} (?:LUFS|LU|dBFS)`);

/**
 * Collects what the measuring filters and the decoders print on stderr. Works line by line; open stretches (a freeze or a
 * silence that lasts to the end) are closed by `finish`.
 */
export class FfmpegLog {
  readonly black: Stretch[] = [];
  readonly silent: Stretch[] = [];
  readonly frozen: Stretch[] = [];
  /** By input and stream: `0:1`. */
  readonly decoded = new Map<string, DecodeCount>();
  /** Frames that the decoder gave out although part of them was lost. */
  corruptFrames = 0;
  /** Lines of level error or worse, at most 20. */
  readonly errors: string[] = [];
  errorCount = 0;
  readonly loudness = { integratedLufs: -70, thresholdLufs: -70, rangeLu: 0, truePeakDbtp: Number.NEGATIVE_INFINITY };
  #blackFrom: number | null = null;
  #silentFrom: number | null = null;
  #frozenFrom: number | null = null;

  /** The line as `runTool` gives it. */
  take(line: string): void {
    if (/\[(error|fatal|panic)\]/.test(line)) this.#error(line);
    if (line.includes('corrupt decoded frame')) this.corruptFrames++;
    if (/black_(start|end)/.test(line)) this.#black(line);
    else if (line.includes('silence_')) this.#silence(line);
    else if (line.includes('freeze_')) this.#freeze(line);
    else if (line.includes('frames decoded;')) this.#decoded(line);
    else this.#summary(line);
  }

  /** Closes open stretches at the end of the stream, seconds. */
  finish(endSeconds: number): void {
    if (this.#silentFrom !== null) push(this.silent, this.#silentFrom, endSeconds);
    if (this.#frozenFrom !== null) push(this.frozen, this.#frozenFrom, endSeconds);
    this.#silentFrom = null;
    this.#frozenFrom = null;
  }

  /** Black and frozen stretches, with those that still go on up to `nowSeconds`. */
  seenUntil(nowSeconds: number): { black: Stretch[]; frozen: Stretch[] } {
    const black = [...this.black];
    const frozen = [...this.frozen];
    if (this.#blackFrom !== null) push(black, this.#blackFrom, nowSeconds);
    if (this.#frozenFrom !== null) push(frozen, this.#frozenFrom, nowSeconds);
    return { black, frozen };
  }

  #error(line: string): void {
    this.errorCount++;
    if (this.errors.length < 20) this.errors.push(line.replace(/ @ 0x[0-9a-f]+\]/g, ']'));
  }

  /** `metadata=print` tells at once that black has begun, `blackdetect` itself only when it is over. */
  #black(line: string): void {
    const begun = BLACK_BEGUN.exec(line);
    if (begun) this.#blackFrom = Number(begun[1]);
    // A stretch too short to be reported ends as well.
    if (line.includes('lavfi.black_end=')) this.#blackFrom = null;
    const match = BLACK.exec(line);
    if (match) push(this.black, Number(match[1]), Number(match[2]));
  }

  #silence(line: string): void {
    const match = SILENCE.exec(line);
    if (!match) return;
    if (match[1] === 'start') this.#silentFrom = Math.max(0, Number(match[2]));
    else if (this.#silentFrom !== null) {
      push(this.silent, this.#silentFrom, Number(match[2]));
      this.#silentFrom = null;
    }
  }

  #freeze(line: string): void {
    const match = FREEZE.exec(line);
    if (!match) return;
    if (match[1] === 'start') this.#frozenFrom = Number(match[2]);
    else if (this.#frozenFrom !== null) {
      push(this.frozen, this.#frozenFrom, Number(match[2]));
      this.#frozenFrom = null;
    }
  }

  #decoded(line: string): void {
    const match = DECODED.exec(line);
    if (!match) return;
    const [packets = 0, frames = 0, errors = 0] = match.slice(4).map(Number);
    this.decoded.set(`${match[1]}:${match[2]}`, { packets, frames, errors });
  }

  /** The closing report of `ebur128`; the first threshold belongs to the integrated loudness, the second to the range. */
  #summary(line: string): void {
    const match = SUMMARY.exec(line.replace(/\[(info|verbose)\]\s?/, ''));
    if (!match) return;
    const value = match[2] === '-inf' ? Number.NEGATIVE_INFINITY : Number(match[2]);
    if (match[1] === 'I') this.loudness.integratedLufs = value;
    else if (match[1] === 'LRA') this.loudness.rangeLu = value;
    else if (match[1] === 'Peak') this.loudness.truePeakDbtp = value;
    else if (!this.#thresholdSeen) {
      this.#thresholdSeen = true;
      this.loudness.thresholdLufs = value;
    }
  }
  #thresholdSeen = false;
}

function push(list: Stretch[], fromSeconds: number, toSeconds: number): void {
  if (Number.isFinite(fromSeconds) && Number.isFinite(toSeconds) && toSeconds > fromSeconds)
    list.push({ fromSeconds, toSeconds });
}
