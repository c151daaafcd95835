import type { OutputChunk } from './output-chunk.ts';
import type { Sink } from './sink.ts';

const INITIAL_BYTES = 512 * 1024;

/**
 * The output since the last keyframe: what a sink that joins now must get first, so that it has a picture at once. After a
 * cut within a GOP the cache starts anew, with the incoming keyframe. It keeps a copy, in memory that is used again and
 * again.
 */
export class GopCache implements Sink {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;
  #started = false;

  write(chunk: OutputChunk): boolean {
    if (chunk.keyOffset >= 0) {
      this.#length = 0;
      this.#started = true;
      this.#append(chunk.bytes.subarray(chunk.keyOffset));
    } else if (this.#started) this.#append(chunk.bytes);
    return false;
  }

  /** A copy of the cached bytes; empty before the first keyframe. */
  snapshot(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  #append(bytes: Buffer): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = needed;
  }
}
