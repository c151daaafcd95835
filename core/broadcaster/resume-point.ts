/** First keyframe at or after a frame; null when the item has none there. */
export function nextKeyframe(frame: number, gopFrames: number, totalFrames: number): number | null {
  const key = Math.ceil(Math.max(0, frame) / gopFrames) * gopFrames;
  return key < totalFrames ? key : null;
}

/**
 * Where an item that was interrupted by the loss of the engine goes on: at the frame that would be on air by the wall
 * clock had nothing happened, or the next keyframe after it. Null when the item would be over by now.
 * A wall clock that went back counts as no time passed.
 */
export function resumeFrame(
  item: { atMs: number; fromFrame: number; frames: number },
  nowMs: number,
  fps: number,
  gopFrames: number,
): number | null {
  const passedMs = Math.max(0, nowMs - item.atMs);
  return nextKeyframe(item.fromFrame + Math.floor((passedMs * fps) / 1000), gopFrames, item.frames);
}
