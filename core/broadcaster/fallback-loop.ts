import type { HousePieces } from './house-pieces.ts';
import { type AirItem, memorySegment, type Segment } from './segment.ts';

const TITLES = { error: 'Error screen', emergency: 'Emergency loop', slate: 'Slate' } as const;

/**
 * What airs when nothing of the queue does. It cannot fail and cannot end: house pieces from memory, in their order, over
 * and over. The repetitions are one item, and so one as-run row.
 */
export class FallbackLoop {
  #item: AirItem | null = null;
  #count = 0;

  /**
   * @param current what is on air now, with its position: the loop goes on when it is the loop itself.
   * @param soon something better is being opened: the error screen says so; otherwise the emergency loop.
   */
  next(house: HousePieces, current: { item: AirItem; position: number } | null, soon: boolean): Segment {
    const kind = soon ? 'error' : house.emergencyPieces > 0 ? 'emergency' : 'slate';
    const goesOn = this.#item !== null && this.#item.kind === kind && current?.item === this.#item;
    const item: AirItem =
      goesOn && this.#item
        ? this.#item
        : { kind, queueItemId: null, assetId: null, title: TITLES[kind], frames: 0, resumed: false };
    if (!goesOn) this.#count = 0;
    this.#item = item;
    const pieces = soon ? house.error : house.emergency;
    const piece = pieces[this.#count++ % pieces.length] ?? house.slate;
    return memorySegment(item, piece, goesOn ? (current?.position ?? 0) : 0, false);
  }
}
