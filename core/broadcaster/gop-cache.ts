import type { OutputChunk } from './output-chunk.ts';

/**
 * The output since the last keyframe: what a sink that joins now must get first, so that it has a picture at once. After a
 * cut within a GOP the cache starts anew, with the incoming keyframe.
 */
export class GopCache {
  #chunks: Buffer[] = [];

  push(chunk: OutputChunk): void {
    if (chunk.keyOffset >= 0) this.#chunks = [chunk.bytes.subarray(chunk.keyOffset)];
    else if (this.#chunks.length > 0) this.#chunks.push(chunk.bytes);
  }

  /** The cached bytes, in order; empty before the first keyframe. */
  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }
}
