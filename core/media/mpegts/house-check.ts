import { createHash } from 'node:crypto';
import { StudioError } from '../../contract/errors.ts';
import {
  AAC_FRAME_TICKS,
  frameTicks,
  GRID_FRAMES,
  type HouseProfile,
  TICKS_PER_SECOND,
} from '../../contract/profile.ts';
import { AAC_LC_PROFILE, INDEX_48_KHZ, readAdtsHeader } from './adts.ts';
import { elementaryBytes } from './elementary.ts';
import { readH264Headers } from './h264-headers.ts';
import type { Damage, MediaUnit } from './media-unit.ts';

const STEREO = 2;

/**
 * Holds every unit of a stream against the house format and throws HOUSE_MISMATCH at the first that differs. The engine
 * decodes nothing on air, so what is not checked here airs as it is: a single wrong PTS delta is a gap at the viewer.
 */
export class HouseCheck {
  readonly #path: string;
  readonly #profile: HouseProfile;
  #frames = 0;
  #audioFrames = 0;
  #firstVideoPts = 0;
  #firstAudioPts = 0;
  #sps: Buffer | null = null;
  #pps: Buffer | null = null;

  constructor(path: string, profile: HouseProfile) {
    this.#path = path;
    this.#profile = profile;
  }

  damage(damage: Damage): never {
    throw this.#mismatch(`${damage.kind} at byte ${damage.offset}: ${damage.detail}`, damage.offset);
  }

  video(unit: MediaUnit): void {
    const { gopFrames } = this.#profile;
    const frame = this.#frames++;
    if (frame === 0) this.#firstVideoPts = unit.pts;
    const expected = this.#firstVideoPts + frame * frameTicks(this.#profile);
    if (unit.pts !== expected)
      throw this.#mismatch(`PTS ${unit.pts} instead of ${expected} at video frame ${frame}`, unit.offset);
    if (unit.dts !== unit.pts)
      throw this.#mismatch(`DTS ${unit.dts} differs from PTS ${unit.pts} at video frame ${frame}`, unit.offset);
    const keyExpected = frame % gopFrames === 0;
    if (unit.key !== keyExpected)
      throw this.#mismatch(
        `${keyExpected ? 'no keyframe' : 'a keyframe'} at video frame ${frame} with GOPs of ${gopFrames}`,
        unit.offset,
      );
    if (keyExpected) this.#headers(unit, frame);
  }

  /**
   * Sound must step by exactly one AAC frame, one frame per PES. Its first frames may precede the picture (the encoder's
   * priming frame, the pre-roll of a crossfade piece), but on the AAC grid of the first picture: only then is the A/V
   * residual of a splice exactly zero.
   */
  audio(unit: MediaUnit): void {
    const frame = this.#audioFrames++;
    if (frame === 0) this.#firstAudioPts = unit.pts;
    const expected = this.#firstAudioPts + frame * AAC_FRAME_TICKS;
    if (unit.pts !== expected)
      throw this.#mismatch(`PTS ${unit.pts} instead of ${expected} at audio frame ${frame}`, unit.offset);
    const bytes = elementaryBytes(unit.packets);
    const header = readAdtsHeader(bytes);
    if (!header) throw this.#mismatch(`no ADTS header at audio frame ${frame}`, unit.offset);
    if (header.frameBytes !== bytes.length || header.blocks !== 1)
      throw this.#mismatch(`${bytes.length} bytes instead of one AAC frame in audio frame ${frame}`, unit.offset);
    if (header.profile !== AAC_LC_PROFILE || header.samplingIndex !== INDEX_48_KHZ || header.channels !== STEREO)
      throw this.#mismatch(
        `AAC profile ${header.profile}, rate index ${header.samplingIndex}, ${header.channels} channels at audio frame ${frame}`,
        unit.offset,
      );
  }

  /** The checks that need the whole stream. */
  finish(bytes: number): { frames: number; audioFrames: number; firstVideoPts: number; headerHash: string } {
    const grid = GRID_FRAMES[this.#profile.fps];
    if (!this.#sps || !this.#pps) throw this.#mismatch('no video frame', bytes);
    if (this.#frames % grid !== 0)
      throw this.#mismatch(`${this.#frames} video frames are no multiple of the grid of ${grid}`, bytes);
    if (this.#audioFrames === 0) throw this.#mismatch('no audio frame', bytes);
    const lead = this.#firstVideoPts - this.#firstAudioPts;
    if (lead < 0) throw this.#mismatch(`sound starts ${-lead} ticks after the picture`, 0);
    if (lead % AAC_FRAME_TICKS !== 0)
      throw this.#mismatch(`sound is ${lead % AAC_FRAME_TICKS} ticks off the picture's AAC grid`, 0);
    const missing =
      this.#firstVideoPts +
      this.#frames * frameTicks(this.#profile) -
      (this.#firstAudioPts + this.#audioFrames * AAC_FRAME_TICKS);
    if (missing > 0)
      throw this.#mismatch(
        `sound ends ${Math.round((missing * 1000) / TICKS_PER_SECOND)} ms before the picture`,
        bytes,
      );
    return {
      frames: this.#frames,
      audioFrames: this.#audioFrames,
      firstVideoPts: this.#firstVideoPts,
      headerHash: createHash('sha256').update(this.#sps).update(this.#pps).digest('hex'),
    };
  }

  /** SPS and PPS must be there at every keyframe and never change: any of them may be the first one after a splice. */
  #headers(unit: MediaUnit, frame: number): void {
    const { sps, pps, idr } = readH264Headers(elementaryBytes(unit.packets));
    if (!idr) throw this.#mismatch(`no IDR picture at video frame ${frame}`, unit.offset);
    if (!sps || !pps) throw this.#mismatch(`no ${sps ? 'PPS' : 'SPS'} at video frame ${frame}`, unit.offset);
    this.#sps ??= Buffer.from(sps);
    this.#pps ??= Buffer.from(pps);
    if (!this.#sps.equals(sps) || !this.#pps.equals(pps))
      throw this.#mismatch(`another SPS or PPS at video frame ${frame}`, unit.offset);
  }

  #mismatch(what: string, byteOffset: number): StudioError {
    return new StudioError('HOUSE_MISMATCH', `${this.#path}: ${what}`, { detail: { path: this.#path, byteOffset } });
  }
}
