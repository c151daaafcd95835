import { describeError } from '../contract/errors.ts';
import { crossfadeMinimumFrames, type HouseProfile, transitionFrames } from '../contract/profile.ts';
import { loadMemoryPiece, type MemoryPiece } from './memory-piece.ts';
import type { PieceIdentity } from './piece-identity.ts';
import { PieceReader } from './piece-reader.ts';
import type { Candidate } from './queue-source.ts';
import { type AirItem, bodySegment, memorySegment, type Segment } from './segment.ts';

/** What follows, opened and verified: nothing is left to do but to splice it. */
export interface Armed {
  readonly candidate: Candidate;
  readonly item: AirItem;
  /** In playing order: the crossfade, when there is one, and the item's own frames. */
  readonly segments: readonly [Segment, ...Segment[]];
  readonly join: 'crossfade' | 'cut';
}

/** Why an item could not be prerolled. */
export class PrerollFailure extends Error {
  readonly candidate: Candidate;
  readonly path: string;

  constructor(candidate: Candidate, path: string, cause: unknown) {
    super(describeError(cause), { cause });
    this.name = 'PrerollFailure';
    this.candidate = candidate;
    this.path = path;
  }
}

export interface PrerollOptions {
  readonly profile: HouseProfile;
  readonly identity: PieceIdentity;
  readonly candidate: Candidate;
  /** Keyframe to start at. */
  readonly fromFrame: number;
  readonly resumed: boolean;
  /** Rendered crossfade out of the item before; null for a cut. */
  readonly transitionPath: string | null;
  /** A crossfade that cannot be used is no reason to leave out the item. */
  readonly onBadTransition: (path: string, reason: string) => void;
}

/** Opens, parses and checks an item and the crossfade into it. Throws PrerollFailure when the item cannot air. */
export async function preroll(options: PrerollOptions): Promise<Armed> {
  const { candidate, identity, profile, fromFrame, resumed } = options;
  const transition = fromFrame === 0 ? await loadTransition(options) : null;
  const open = (frame: number): Promise<PieceReader> =>
    PieceReader.open(candidate.path, identity, profile.gopFrames, frame).catch((cause: unknown) => {
      throw new PrerollFailure(candidate, candidate.path, cause);
    });
  const overlap = transition ? transitionFrames(profile) : 0;
  let reader = await open(fromFrame + overlap);
  // An item too short to keep a GOP of itself behind the crossfade out of it is not faded into either.
  const fades = transition !== null && reader.frames >= crossfadeMinimumFrames(profile);
  if (transition && !fades) {
    reader.dispose();
    reader = await open(fromFrame);
  }
  const item: AirItem = {
    kind: 'asset',
    queueItemId: candidate.queueItemId,
    assetId: candidate.assetId,
    title: candidate.title,
    frames: reader.frames,
    resumed,
  };
  const body = bodySegment(item, reader);
  return transition && fades
    ? { candidate, item, join: 'crossfade', segments: [memorySegment(item, transition, 0, true), body] }
    : { candidate, item, join: 'cut', segments: [body] };
}

async function loadTransition(options: PrerollOptions): Promise<MemoryPiece | null> {
  const { transitionPath, identity, profile, onBadTransition } = options;
  if (transitionPath === null) return null;
  try {
    const piece = await loadMemoryPiece(transitionPath, identity);
    const wanted = transitionFrames(profile);
    if (piece.frames === wanted) return piece;
    onBadTransition(transitionPath, `${piece.frames} frames instead of ${wanted}`);
  } catch (error) {
    onBadTransition(transitionPath, describeError(error));
  }
  return null;
}

export function disposeArmed(armed: Armed): void {
  for (const segment of armed.segments) segment.dispose();
}
