import type { Writable } from 'node:stream';
import { OUTPUT_AUDIO_PID, OUTPUT_VIDEO_PID } from '../media/mpegts/packet.ts';
import { DiscontinuityMarker } from './discontinuity.ts';
import type { GopCache } from './gop-cache.ts';
import { handOver } from './hand-over.ts';
import type { OutputChunk } from './output-chunk.ts';
import type { Sink } from './sink.ts';

/** Some five seconds at 3 Mb/s: a receiver further behind shows the past anyway. */
const DROP_ABOVE_BYTES = 2 * 1024 * 1024;
/** It gets media again when it has read up to here, from the next keyframe on. */
const RESUME_BELOW_BYTES = 128 * 1024;

/** One receiver of the stream over HTTP. It starts with the GOP cache; when it is slow it loses whole GOPs. */
export class FanOutClient implements Sink {
  readonly #out: Writable;
  #dropping = false;
  #marker: DiscontinuityMarker | null = null;
  droppedGops = 0;

  constructor(out: Writable, cache: GopCache) {
    this.#out = out;
    const cached = cache.snapshot();
    if (cached.length > 0) out.write(cached);
  }

  write(chunk: OutputChunk): boolean {
    if (this.#dropping) return this.#resume(chunk);
    if (this.#out.writableLength > DROP_ABOVE_BYTES) {
      this.#dropping = true;
      this.#countDropped(chunk);
      return false;
    }
    const marker = this.#marker;
    if (marker?.done) this.#marker = null;
    return handOver(this.#out, marker ? marker.mark(chunk.bytes) : chunk.bytes);
  }

  /** Ends the dropping at a keyframe, once the receiver has caught up; writes from the keyframe on. */
  #resume(chunk: OutputChunk): boolean {
    if (chunk.keyOffset < 0 || this.#out.writableLength > RESUME_BELOW_BYTES) {
      this.#countDropped(chunk);
      return false;
    }
    this.#dropping = false;
    this.#marker = new DiscontinuityMarker([OUTPUT_VIDEO_PID, OUTPUT_AUDIO_PID]);
    return handOver(this.#out, this.#marker.mark(chunk.bytes.subarray(chunk.keyOffset)));
  }

  #countDropped(chunk: OutputChunk): void {
    if (chunk.keyOffset >= 0) this.droppedGops++;
  }
}
