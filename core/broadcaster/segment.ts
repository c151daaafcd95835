import type { AsRun } from '../contract/queue.ts';
import type { MemoryPiece } from './memory-piece.ts';
import type { PieceReader } from './piece-reader.ts';
import type { PieceDamage, UnitSource } from './unit-source.ts';

/** What airs as one as-run row: an item of the queue, or a stretch of emergency, error screen or slate. */
export interface AirItem {
  readonly kind: AsRun['kind'];
  readonly queueItemId: string | null;
  readonly assetId: string | null;
  readonly title: string;
  /** Frames of the whole item; 0 for a loop, which has no end. */
  readonly frames: number;
  /** Goes on after an interruption. */
  readonly resumed: boolean;
}

/** A stretch of one piece on its way to the air. An item with a crossfade into it airs as two: the crossfade, its body. */
export interface Segment {
  readonly item: AirItem;
  readonly path: string;
  readonly source: UnitSource;
  readonly firstVideoPts: number;
  readonly fromFrame: number;
  /** First frame not to air. Moves when a crossfade out of the item is agreed or called off. */
  toFrame: number;
  /** Frame of the item that `fromFrame` is. */
  readonly itemFrame: number;
  /** The crossfade into the item, in which it is not alone yet. */
  readonly crossfade: boolean;
  /** Damage that the source knows of, ahead of the air. */
  damageAhead(): PieceDamage | null;
  dispose(): void;
}

/** An item's own frames, from where its reader was opened to its end. */
export function bodySegment(item: AirItem, reader: PieceReader): Segment {
  return {
    item,
    path: reader.path,
    source: reader,
    firstVideoPts: reader.firstVideoPts,
    fromFrame: reader.fromFrame,
    toFrame: reader.frames,
    itemFrame: reader.fromFrame,
    crossfade: false,
    damageAhead: () => reader.damageAhead,
    dispose: () => reader.dispose(),
  };
}

/** A whole piece from memory; `itemFrame` counts on when a loop repeats. */
export function memorySegment(item: AirItem, piece: MemoryPiece, itemFrame: number, crossfade: boolean): Segment {
  return {
    item,
    path: piece.path,
    source: piece.source(),
    firstVideoPts: piece.firstVideoPts,
    fromFrame: 0,
    toFrame: piece.frames,
    itemFrame,
    crossfade,
    damageAhead: () => null,
    dispose: () => undefined,
  };
}
