/** `loudness.json` of an asset: EBU R 128 momentary and short-term loudness, LUFS, one value per step. */
export interface LoudnessCurve {
  version: 1;
  stepSeconds: number;
  momentary: number[];
  shortTerm: number[];
}

/** `ebur128` measures ten times a second. */
const MEASURES_PER_SECOND = 10;
const MAX_POINTS = 2000;
const FLOOR_LUFS = -70;

/** Collects the lines of `ametadata=print` behind `ebur128=metadata=1`. */
export class LoudnessCurveReader {
  readonly #momentary: number[] = [];
  readonly #shortTerm: number[] = [];

  take(line: string): void {
    const match = /^lavfi\.r128\.([MS])=(\S+)/.exec(line);
    if (!match) return;
    const value = Math.max(FLOOR_LUFS, Number(match[2]));
    (match[1] === 'M' ? this.#momentary : this.#shortTerm).push(Number.isFinite(value) ? value : FLOOR_LUFS);
  }

  /** At most 2000 points: of the measures that share one, the loudest. */
  curve(): LoudnessCurve {
    const every = Math.max(1, Math.ceil(this.#momentary.length / MAX_POINTS));
    return {
      version: 1,
      stepSeconds: every / MEASURES_PER_SECOND,
      momentary: thin(this.#momentary, every),
      shortTerm: thin(this.#shortTerm, every),
    };
  }
}

function thin(values: readonly number[], every: number): number[] {
  const points: number[] = [];
  for (let at = 0; at < values.length; at += every) {
    const loudest = Math.max(...values.slice(at, at + every));
    points.push(Math.round(loudest * 10) / 10);
  }
  return points;
}
