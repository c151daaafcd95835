import type { DamageKind, MediaUnit } from '../media/mpegts/media-unit.ts';

/** Why a piece must be left before its end. */
export interface PieceDamage {
  readonly type: 'damage';
  readonly kind: DamageKind | 'checksum' | 'read-error' | 'frame-order' | 'too-slow';
  readonly detail: string;
}

/** Nothing yet: the disk has not delivered. */
export const STARVED = { type: 'starved' } as const;
/** The piece is over. */
export const ENDED = { type: 'ended' } as const;

export type Pulled = MediaUnit | PieceDamage | typeof STARVED | typeof ENDED;

/**
 * Units of one piece in stream order, taken without waiting: whoever feeds the air must never wait for a disk. After
 * damage or the end the answer stays the same.
 */
export interface UnitSource {
  pull(): Pulled;
}
