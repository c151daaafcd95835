/**
 * A stretch of the channel's output, as it goes to every sink. The bytes are those of the output buffer: they are valid
 * during the call in which a sink gets them, unless it says that it holds them (see `Sink`).
 */
export interface OutputChunk {
  readonly bytes: Buffer;
  /**
   * Offset of the tables (PAT, PMT) that precede the keyframe in this chunk: the point at which a new or a lagging
   * receiver can start; -1 without one. A chunk holds one keyframe at most.
   */
  readonly keyOffset: number;
}
