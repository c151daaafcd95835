import { AAC_FRAME_TICKS, frameTicks, GRID_FRAMES, type HouseProfile } from '../contract/profile.ts';
import type { MediaUnit } from '../media/mpegts/media-unit.ts';
import { unwrapTimestamp } from '../media/mpegts/timestamp.ts';
import { OutputStream } from './output-stream.ts';
import { type PieceDamage, STARVED, type UnitSource } from './unit-source.ts';

/** Start of the timeline: one second, so that neither the clock's lead nor an early audio frame is below zero. */
export const TIMELINE_START_TICKS = 90_000;

const HALF_AAC_FRAME_TICKS = AAC_FRAME_TICKS / 2;

/** Video frames looked at while searching the next audio frame; beyond, its place is filled with silence. */
const AUDIO_SEARCH_FRAMES = 15;

/** A stretch of one piece, to be joined to what was spliced before. */
export interface Splice {
  readonly source: UnitSource;
  /** PTS of the piece's frame 0, ticks. */
  readonly firstVideoPts: number;
  /** First frame to air; the source must deliver it as a keyframe. Earlier units are passed over. */
  readonly fromFrame: number;
  /** First frame not to air. */
  readonly toFrame: number;
}

/**
 * Why `advance` came back: everything due is written (`limit`), the source has nothing yet (`starved`), the piece is
 * over (`finished`), or cannot go on (`damage`).
 */
export type Advance = { readonly type: 'limit' } | typeof STARVED | { readonly type: 'finished' } | PieceDamage;

const LIMIT = { type: 'limit' } as const;
const FINISHED = { type: 'finished' } as const;

/**
 * Joins pieces of house format into one stream without a seam. Pure: units in, stamped packets out; no clock, no I/O.
 *
 * The timeline is counted, not added up. Video frame n of the channel's life is at `start + n × frame`, audio frame m at
 * `start + m × 1920`; two integers are the whole state. A gap, an overlap or a creeping drift therefore cannot be
 * expressed; what an item's own time stamps are used for is to find which of its audio frames belongs where.
 *
 * Video and audio frames have different lengths, so a cut after an arbitrary video frame falls inside an audio frame.
 * At a splice at time T the outgoing sound ends at the AAC border nearest to T, which leaves the end of sound
 * within ±960 ticks (10.7 ms, half an AAC frame) of T; the incoming item's sound is then placed from that border on, shifted
 * against its picture by the constant `residual` of the same bound. It is computed from nothing but this splice, so
 * it cannot accumulate. Where items are cut on the grid (core/contract/profile.ts) it is exactly 0.
 *
 * The decoder needs no help at such a border: an MDCT frame overlaps half of its neighbour (ISO/IEC 14496-3 §4.6.11), so
 * the last frame of one item and the first of the next cross-fade over 21 ms by themselves.
 */
export class Splicer {
  readonly output: OutputStream;
  silentFillFrames = 0;
  splices = 0;
  readonly #frameTicks: number;
  readonly #gridFrames: number;
  readonly #silence: MediaUnit;
  readonly #start: number;
  /** Video and audio frames written since the start. */
  #video = 0;
  #audio = 0;
  #item: ItemState | null = null;

  /** @param silence one AAC frame of silence, for holes in an item's sound. */
  constructor(profile: HouseProfile, silence: MediaUnit, startTicks = TIMELINE_START_TICKS) {
    this.#frameTicks = frameTicks(profile);
    this.#gridFrames = GRID_FRAMES[profile.fps];
    this.output = new OutputStream(this.#frameTicks);
    this.#silence = silence;
    this.#start = startTicks;
  }

  /** End of the last video frame, unwrapped ticks: where the next frame or item goes. */
  get endTicks(): number {
    return this.#start + this.#video * this.#frameTicks;
  }

  /** The frame of the current piece that is next to air. */
  get nextFrame(): number {
    return this.#item?.nextFrame ?? 0;
  }

  /** Shift of the current item's sound against its picture, ticks, in (-960, 960]; 0 before its first audio frame. */
  get residualTicks(): number {
    return this.#item?.residual ?? 0;
  }

  /** Starts a piece where the one before ended. */
  begin(splice: Splice): void {
    this.splices++;
    this.#item = new ItemState(splice, this.endTicks - this.#frameTicks * splice.fromFrame, this.#frameTicks);
  }

  /** Changes where the current piece ends, for as long as that frame has not been written. */
  setEnd(toFrame: number): void {
    if (this.#item) this.#item.toFrame = Math.max(toFrame, this.#item.nextFrame);
  }

  /**
   * Ends the current piece after the last frame written. Any frame will do: without B-frames no later frame is needed to
   * show an earlier one, and what follows starts with a keyframe.
   */
  cut(): void {
    this.setEnd(0);
  }

  /**
   * Ends the current piece at the next frame where picture and sound of the timeline end together, half a second away at
   * most: what follows has a residual of 0 again, whatever was cut before.
   */
  cutOnGrid(): void {
    const item = this.#item;
    if (!item) return;
    const ahead = (this.#gridFrames - (this.#video % this.#gridFrames)) % this.#gridFrames;
    this.setEnd(Math.min(item.toFrame, item.nextFrame + ahead));
  }

  /** Writes every unit that is due up to `limitTicks` (unwrapped). */
  advance(limitTicks: number): Advance {
    const item = this.#item;
    if (!item) return FINISHED;
    while (true) {
      // Sound follows the picture to the AAC border nearest to its end, and never beyond: a cut may come after any frame
      // and needs no draining then, and a GOP cache that starts with a keyframe has the sound that belongs to it.
      const audioTicks = this.#start + this.#audio * AAC_FRAME_TICKS;
      const videoTicks = this.endTicks;
      if (audioTicks + HALF_AAC_FRAME_TICKS <= videoTicks) {
        const unit = item.takeAudio(audioTicks);
        if (unit?.type === 'starved') return STARVED;
        if (!unit) this.silentFillFrames++;
        this.output.audio(unit ?? this.#silence, audioTicks);
        this.#audio++;
        continue;
      }
      if (item.nextFrame >= item.toFrame) return FINISHED;
      if (videoTicks > limitTicks) return LIMIT;
      const pulled = item.peekVideo();
      if (pulled.type === 'ended') return FINISHED;
      if (pulled.type !== 'unit') return pulled;
      this.output.video(item.takeVideo(pulled), videoTicks);
      this.#video++;
    }
  }
}

/** The piece being spliced: its look-ahead, and how its own time stamps map onto the timeline. */
class ItemState {
  nextFrame: number;
  toFrame: number;
  residual: number | null = null;
  readonly #splice: Splice;
  /** Timeline ticks at which frame 0 of the piece would be. */
  readonly #origin: number;
  readonly #frameTicks: number;
  #videos: MediaUnit[] = [];
  #audios: MediaUnit[] = [];
  #end: Exclude<ReturnType<UnitSource['pull']>, MediaUnit> = STARVED;

  constructor(splice: Splice, origin: number, frameTicks: number) {
    this.#splice = splice;
    this.#origin = origin;
    this.#frameTicks = frameTicks;
    this.nextFrame = splice.fromFrame;
    this.toFrame = splice.toFrame;
  }

  /** The next video frame, without taking it. Frames before the entry are passed over; a wrong one is damage. */
  peekVideo(): ReturnType<UnitSource['pull']> {
    while (true) {
      const unit = this.#videos[0];
      if (!unit) {
        if (!this.#pull()) return this.#end;
        continue;
      }
      const frame = this.#ticksOf(unit) / this.#frameTicks;
      if (frame < this.#splice.fromFrame) {
        this.#videos.shift();
        continue;
      }
      const entry = this.nextFrame === this.#splice.fromFrame;
      if (frame === this.nextFrame && (!entry || unit.key)) return unit;
      this.#end = {
        type: 'damage',
        kind: 'frame-order',
        detail: `frame ${frame}${unit.key ? ' (key)' : ''} where ${entry ? 'keyframe' : 'frame'} ${this.nextFrame} was due`,
      };
      return this.#end;
    }
  }

  takeVideo(unit: MediaUnit): MediaUnit {
    this.#videos.shift();
    this.nextFrame++;
    return unit;
  }

  /**
   * The audio frame that belongs at `ticks` of the timeline, or null when the piece has none for that place. The first
   * call fixes the residual: frames that would start more than half a frame early are dropped, among them the
   * encoder's priming frame and the pre-roll of a crossfade piece.
   */
  takeAudio(ticks: number): MediaUnit | typeof STARVED | null {
    while (true) {
      const unit = this.#audios[0];
      if (!unit) {
        if (this.#videos.length > AUDIO_SEARCH_FRAMES) return null;
        if (this.#pull()) continue;
        return this.#end === STARVED ? STARVED : null;
      }
      const late = ticks - (this.#origin + this.#ticksOf(unit));
      const tooLate = this.residual === null ? late > HALF_AAC_FRAME_TICKS : late > this.residual;
      const tooEarly = this.residual === null ? late <= -HALF_AAC_FRAME_TICKS : late < this.residual;
      if (tooEarly) return null;
      if (tooLate) {
        this.#audios.shift();
        continue;
      }
      this.residual ??= late;
      this.#audios.shift();
      return unit;
    }
  }

  /** Ticks of a unit after the piece's first frame; negative for audio before it. */
  #ticksOf(unit: MediaUnit): number {
    return unwrapTimestamp(unit.pts, this.#splice.firstVideoPts) - this.#splice.firstVideoPts;
  }

  #pull(): boolean {
    if (this.#end !== STARVED) return false;
    const pulled = this.#splice.source.pull();
    if (pulled.type !== 'unit') {
      this.#end = pulled;
      return false;
    }
    (pulled.kind === 'video' ? this.#videos : this.#audios).push(pulled);
    return true;
  }
}
