/**
 * A stretch of the channel's output, as it goes to every sink. Shared by all of them and by the GOP cache, and so never
 * changed after it was made.
 */
export interface OutputChunk {
  readonly bytes: Buffer;
  /**
   * Offset of the tables (PAT, PMT) that precede the keyframe in this chunk: the point at which a new or a lagging
   * receiver can start; -1 without one. A chunk holds one keyframe at most.
   */
  readonly keyOffset: number;
}
