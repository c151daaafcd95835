import type { OutputChunk } from './output-chunk.ts';

/** A consumer of the channel's output. A sink that is slow or broken mends or drops itself: it never throws, never blocks. */
export interface Sink {
  /** Takes a chunk; true when it still holds the chunk's bytes, which are then not used again by the caller. */
  write(chunk: OutputChunk): boolean;
}
