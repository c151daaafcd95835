import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';

/** A stretch of time on air, and which part of which item it was. */
export interface AiredStretch {
  readonly kind: 'asset' | 'emergency' | 'error' | 'slate';
  readonly assetId: string | null;
  /** Seconds of the item. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** The item repeats itself: any part of it may have been on air. */
  readonly held: boolean;
}

type Program = NonNullable<BroadcasterStatus['program']>;

/** The part of a status that tells what is on air. */
type AirSight = Pick<BroadcasterStatus, 'atMs' | 'hold'> & {
  readonly program: Pick<Program, 'kind' | 'assetId' | 'positionFrames'> | null;
};

interface Mark {
  readonly atMs: number;
  readonly kind: AiredStretch['kind'];
  readonly assetId: string | null;
  readonly seconds: number;
  readonly hold: boolean;
}

const KEPT_MS = 60_000;

/** The last minute on air, from the statuses of the broadcaster, which come about once a second. */
export class AirHistory {
  #marks: Mark[] = [];

  note(status: AirSight, fps: number): void {
    const { program, atMs, hold } = status;
    this.#marks = this.#marks.filter((mark) => mark.atMs > atMs - KEPT_MS && mark.atMs <= atMs);
    this.#marks.push({
      atMs,
      hold,
      kind: program?.kind ?? 'slate',
      assetId: program?.assetId ?? null,
      seconds: (program?.positionFrames ?? 0) / fps,
    });
  }

  /** What may have been on air between two moments of the broadcaster's clock; null when that is not known in full. */
  between(fromMs: number, toMs: number): AiredStretch[] | null {
    const first = this.#marks.findLast((mark) => mark.atMs <= fromMs);
    if (!first) return null;
    const marks = this.#marks.filter((mark) => mark === first || (mark.atMs > fromMs && mark.atMs <= toMs));
    return marks.map((mark, index) => {
      const next = marks[index + 1];
      const lastMs = next?.atMs ?? toMs;
      return {
        kind: mark.kind,
        assetId: mark.assetId,
        fromSeconds: mark.seconds,
        toSeconds: mark.seconds + Math.max(0, lastMs - mark.atMs) / 1000,
        held: mark.hold,
      };
    });
  }
}
