import { AAC_FRAME_TICKS } from '../contract/profile.ts';
import type { MediaUnit } from '../media/mpegts/media-unit.ts';
import {
  CONTINUITY_MASK,
  clearDiscontinuity,
  hasPayload,
  hasPcr,
  OUTPUT_AUDIO_PID,
  OUTPUT_PMT_PID,
  OUTPUT_VIDEO_PID,
  PACKET_BYTES,
  PCR_OFFSET,
  payloadOffset,
  setContinuityCounter,
  setPacketPid,
} from '../media/mpegts/packet.ts';
import { hasDts, PES_DTS_OFFSET, PES_PTS_OFFSET } from '../media/mpegts/pes.ts';
import { patPacket, pmtPacket } from '../media/mpegts/psi.ts';
import { writePcr, writeTimestamp } from '../media/mpegts/timestamp.ts';
import type { OutputChunk } from './output-chunk.ts';

/** Longest time between two sets of tables, ticks. ISO 13818-1 sets no limit; DVB (ETSI TR 101 154) says 100 ms. */
const TABLES_EVERY_TICKS = 9000;

/**
 * How far the program clock runs behind the DTS of the frame it travels with, ticks: the time a decoder of the standard's
 * buffer model (§2.4.2) has to receive a whole keyframe before it is due. The muxer of the assets writes PCR = DTS, which
 * leaves none; a receiver that holds to the clock would find every large frame late.
 */
export const PCR_LEAD_TICKS = 18_000;

const INITIAL_BYTES = 512 * 1024;

/** Counts of what was written, and of steps that were not exactly one frame: those must stay zero. */
export interface OutputCounts {
  videoFrames: number;
  audioFrames: number;
  videoGaps: number;
  audioGaps: number;
}

/**
 * Writes the channel's one transport stream. Everything in it that must be continuous over splices is made here and
 * nowhere else: continuity counters, clock, tables, PIDs, time stamps. The units are copied and stamped in the copy,
 * because a piece in memory airs many times.
 */
export class OutputStream {
  readonly counts: OutputCounts = { videoFrames: 0, audioFrames: 0, videoGaps: 0, audioGaps: 0 };
  readonly #frameTicks: number;
  readonly #pat = patPacket(OUTPUT_PMT_PID);
  readonly #pmt = pmtPacket(OUTPUT_PMT_PID, {
    videoPid: OUTPUT_VIDEO_PID,
    audioPid: OUTPUT_AUDIO_PID,
    pcrPid: OUTPUT_VIDEO_PID,
  });
  readonly #clockPacket = clockPacket();
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;
  /** Where the chunk being written starts, and its keyframe. */
  #chunkStart = 0;
  #keyOffset = -1;
  /** Bounds of the finished chunks: the buffer may still move while it grows. */
  #finished: { start: number; end: number; keyOffset: number }[] = [];
  #tableCounter = 0;
  #videoCounter = 0;
  #audioCounter = 0;
  #tablesAt = Number.NEGATIVE_INFINITY;
  #lastVideo: number | null = null;
  #lastAudio: number | null = null;

  constructor(frameTicks: number) {
    this.#frameTicks = frameTicks;
  }

  /** Appends a video frame shown at `ticks` (unwrapped). House video has no B-frames, so DTS = PTS. */
  video(unit: MediaUnit, ticks: number): void {
    if (this.#lastVideo !== null && ticks !== this.#lastVideo + this.#frameTicks) this.counts.videoGaps++;
    this.#lastVideo = ticks;
    this.counts.videoFrames++;
    if (unit.key) this.#startGop();
    if (unit.key || ticks - this.#tablesAt >= TABLES_EVERY_TICKS) this.#tables(ticks);
    if (!hasPcr(unit.packets, 0)) this.#clock(ticks);
    this.#videoCounter = this.#unit(unit, OUTPUT_VIDEO_PID, this.#videoCounter, ticks);
  }

  /** Appends an audio frame heard from `ticks` (unwrapped). */
  audio(unit: MediaUnit, ticks: number): void {
    if (this.#lastAudio !== null && ticks !== this.#lastAudio + AAC_FRAME_TICKS) this.counts.audioGaps++;
    this.#lastAudio = ticks;
    this.counts.audioFrames++;
    this.#audioCounter = this.#unit(unit, OUTPUT_AUDIO_PID, this.#audioCounter, ticks);
  }

  /**
   * Hands everything appended since the last call to `deliver`, as chunks with at most one keyframe each. The memory is used
   * again afterwards, unless `deliver` answers true: somebody still holds the bytes.
   */
  flush(deliver: (chunk: OutputChunk) => boolean): void {
    this.#finishChunk();
    let held = false;
    for (const { start, end, keyOffset } of this.#finished)
      held = deliver({ bytes: this.#buffer.subarray(start, end), keyOffset }) || held;
    this.#finished = [];
    this.#length = 0;
    this.#chunkStart = 0;
    if (held) this.#buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  }

  #finishChunk(): void {
    const start = this.#chunkStart;
    if (this.#length > start) this.#finished.push({ start, end: this.#length, keyOffset: this.#keyOffset });
    this.#chunkStart = this.#length;
    this.#keyOffset = -1;
  }

  #startGop(): void {
    if (this.#keyOffset >= 0) this.#finishChunk();
    this.#keyOffset = this.#length - this.#chunkStart;
  }

  #tables(ticks: number): void {
    this.#tablesAt = ticks;
    for (const table of [this.#pat, this.#pmt]) {
      const at = this.#reserve(PACKET_BYTES);
      this.#buffer.set(table, at);
      setContinuityCounter(this.#buffer, at, this.#tableCounter);
    }
    this.#tableCounter = (this.#tableCounter + 1) & CONTINUITY_MASK;
  }

  /** A packet with nothing but the clock. It has no payload, so it repeats the counter of the packet before (§2.4.3.3). */
  #clock(ticks: number): void {
    const at = this.#reserve(PACKET_BYTES);
    this.#buffer.set(this.#clockPacket, at);
    setContinuityCounter(this.#buffer, at, this.#videoCounter - 1);
    writePcr(this.#buffer, at + PCR_OFFSET, ticks - PCR_LEAD_TICKS);
  }

  /** Copies a unit and stamps the copy; returns the next continuity counter. */
  #unit(unit: MediaUnit, pid: number, counter: number, ticks: number): number {
    const { packets } = unit;
    const start = this.#reserve(packets.length);
    const buffer = this.#buffer;
    packets.copy(buffer, start);
    let next = counter;
    for (let packet = start; packet < start + packets.length; packet += PACKET_BYTES) {
      setPacketPid(buffer, packet, pid);
      if (hasPayload(buffer, packet)) {
        setContinuityCounter(buffer, packet, next);
        next = (next + 1) & CONTINUITY_MASK;
      } else setContinuityCounter(buffer, packet, next - 1);
      clearDiscontinuity(buffer, packet);
      if (hasPcr(buffer, packet)) writePcr(buffer, packet + PCR_OFFSET, ticks - PCR_LEAD_TICKS);
    }
    const pes = payloadOffset(buffer, start);
    writeTimestamp(buffer, pes + PES_PTS_OFFSET, ticks);
    if (hasDts(buffer, pes)) writeTimestamp(buffer, pes + PES_DTS_OFFSET, ticks);
    return next;
  }

  #reserve(bytes: number): number {
    const at = this.#length;
    if (at + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(at + bytes)));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    this.#length = at + bytes;
    return at;
  }
}

/** Adaptation field only: length 183, PCR flag, six bytes of clock, stuffing. */
function clockPacket(): Uint8Array {
  const packet = new Uint8Array(PACKET_BYTES).fill(0xff);
  packet.set([0x47, 0, 0, 0x20, PACKET_BYTES - 5, 0x10]);
  setPacketPid(packet, 0, OUTPUT_VIDEO_PID);
  return packet;
}
