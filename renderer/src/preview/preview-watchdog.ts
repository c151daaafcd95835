/** What the watchdog sees of the player at one look. Times are seconds, wall times Unix ms. */
export interface PreviewLook {
  nowMs: number;
  /** `currentTime` of the element. */
  playedSeconds: number;
  /** End of what is buffered; null before anything is. */
  headSeconds: number | null;
  hidden: boolean;
  /** The element reached its end, or the loader said that the stream ended. */
  ended: boolean;
  error: string | null;
}

export type RebuildReason = 'error' | 'ended' | 'no_data' | 'stalled' | 'drift' | 'returned' | 'age';

const START_DEADLINE_MS = 8000;
const STALL_MS = 2500;
const NO_DATA_MS = 3500;
/** Chasing keeps the player nearer than this; being farther away for long means that chasing does not work. */
const DRIFT_SECONDS = 3;
const DRIFT_MS = 3000;
const MOST_AGE_MS = 6 * 3_600_000;

/**
 * Decides when the preview must be built anew. Pure: fed with looks at the player a few times a second, it answers with
 * a reason to rebuild, or null. One instance watches one player; a new player gets a new watchdog.
 */
export class PreviewWatchdog {
  readonly #builtAtMs: number;
  #playedSeconds = -1;
  #playedChangedMs: number;
  #headSeconds = -1;
  #headChangedMs: number;
  #driftSinceMs: number | null = null;
  #wasHidden = false;

  constructor(nowMs: number) {
    this.#builtAtMs = nowMs;
    this.#playedChangedMs = nowMs;
    this.#headChangedMs = nowMs;
  }

  look(look: PreviewLook): RebuildReason | null {
    if (look.error !== null) return 'error';
    if (look.ended) return 'ended';
    if (look.hidden) {
      this.#wasHidden = true;
      return null;
    }
    const returned = this.#wasHidden;
    this.#wasHidden = false;
    if (look.playedSeconds !== this.#playedSeconds) {
      this.#playedSeconds = look.playedSeconds;
      this.#playedChangedMs = look.nowMs;
    }
    if (look.headSeconds !== null && look.headSeconds !== this.#headSeconds) {
      this.#headSeconds = look.headSeconds;
      this.#headChangedMs = look.nowMs;
    }
    const behind = look.headSeconds === null ? 0 : look.headSeconds - look.playedSeconds;
    if (returned) {
      this.#playedChangedMs = look.nowMs;
      this.#headChangedMs = look.nowMs;
      this.#driftSinceMs = null;
      if (behind > DRIFT_SECONDS || behind < 0) return 'returned';
    }
    if (look.nowMs - this.#builtAtMs > MOST_AGE_MS) return 'age';
    const starting = look.headSeconds === null || look.playedSeconds === 0;
    if (starting) return look.nowMs - this.#builtAtMs > START_DEADLINE_MS ? 'no_data' : null;
    if (look.nowMs - this.#headChangedMs > NO_DATA_MS) return 'no_data';
    if (look.nowMs - this.#playedChangedMs > STALL_MS) return 'stalled';
    if (behind <= DRIFT_SECONDS) this.#driftSinceMs = null;
    else this.#driftSinceMs ??= look.nowMs;
    return this.#driftSinceMs !== null && look.nowMs - this.#driftSinceMs > DRIFT_MS ? 'drift' : null;
  }
}
