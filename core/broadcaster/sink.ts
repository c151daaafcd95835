import type { OutputChunk } from './output-chunk.ts';

/** A consumer of the channel's output. A sink that is slow or broken mends or drops itself: it never throws, never blocks. */
export interface Sink {
  write(chunk: OutputChunk): void;
}
