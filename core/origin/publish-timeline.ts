/** One coded audio or video frame as a publisher sends it; `dts` in milliseconds of the publisher's own clock. */
export interface TimelineFrame {
  readonly kind: 'audio' | 'video';
  readonly keyframe: boolean;
  readonly dts: number;
  readonly payload: Buffer;
}

/** How a publisher's frames join what was sent before. */
export type Join = 'first' | 'continued' | 'rebased';

/**
 * Two clocks that round the same moment to milliseconds differ by at most 1 ms per step; a frame lasts at least 16 ms.
 * So a frame that maps to within this of the last one sent is that one.
 */
const SAME_FRAME_MS = 5;
/** A step of one track beyond this is a new clock, not a late frame (the FLV clock of ffmpeg wraps after 24.8 days). */
const LARGEST_STEP_MS = 10_000;
/** Nominal step used where none was seen yet, ms. */
const NOMINAL_STEP_MS = 33;

interface Track {
  lastIn: number;
  lastOut: number;
  step: number;
}

/**
 * Keeps the time stamps that players see on one line, whatever happens to publishers.
 *
 * A pusher that died is replaced by one that starts its own clock and sends again from the last keyframe. When that
 * keyframe is the very one sent last, the new frames are mapped onto the old time stamps and those sent already are
 * dropped: players notice nothing. Otherwise the new publisher follows right after the last frame, with one shift for
 * sound and picture, so that their offset never changes. Times are unwrapped milliseconds.
 */
export class PublishTimeline {
  #tracks: { audio: Track | null; video: Track | null } = { audio: null, video: null };
  #key: { payload: Buffer; out: number } | null = null;
  #shift = 0;
  #joining = true;

  /** A new publisher, or a new clock of the same one: its first keyframe decides how it joins. */
  begin(): void {
    this.#joining = true;
  }

  /**
   * Time stamp for players; null when the frame must not be sent (before the first keyframe, or sent already).
   * `join` is set on the keyframe that decided.
   */
  map(frame: TimelineFrame): { out: number | null; join: Join | null } {
    const track = this.#tracks[frame.kind];
    if (!this.#joining && track && Math.abs(frame.dts - track.lastIn) > LARGEST_STEP_MS) this.begin();
    let join: Join | null = null;
    if (this.#joining) {
      if (frame.kind !== 'video' || !frame.keyframe) return { out: null, join };
      join = this.#join(frame);
      this.#joining = false;
    }
    const out = frame.dts + this.#shift;
    const fresh = this.#tracks[frame.kind];
    if (fresh && out <= fresh.lastOut + SAME_FRAME_MS) {
      fresh.lastIn = frame.dts;
      return { out: null, join };
    }
    this.#tracks[frame.kind] = {
      lastIn: frame.dts,
      lastOut: out,
      step: fresh ? Math.min(out - fresh.lastOut, NOMINAL_STEP_MS * 2) : NOMINAL_STEP_MS,
    };
    if (frame.kind === 'video' && frame.keyframe) this.#key = { payload: Buffer.from(frame.payload), out };
    return { out, join };
  }

  #join(frame: TimelineFrame): Join {
    for (const track of [this.#tracks.audio, this.#tracks.video]) if (track) track.lastIn = frame.dts;
    if (this.#key?.payload.equals(frame.payload)) {
      this.#shift = this.#key.out - frame.dts;
      return 'continued';
    }
    const { audio, video } = this.#tracks;
    const end = Math.max(audio ? audio.lastOut + audio.step : 0, video ? video.lastOut + video.step : 0);
    this.#shift = end - frame.dts;
    return audio || video ? 'rebased' : 'first';
  }
}
