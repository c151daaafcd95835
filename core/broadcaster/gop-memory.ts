/**
 * GOPs whose units are kept before their memory is used again. A reader holds at most two and a half GOPs that were not
 * pulled, and the splicer looks ahead by half a second; when a fifth GOP is loaded, every unit of the first has long been
 * copied into the output.
 */
const SLOTS = 4;

/**
 * Memory for the units of one piece, used in turns. A channel reads without end: fresh memory for each unit would keep the
 * garbage collector busy and tens of megabytes waiting for it.
 */
export class GopMemory {
  readonly #slots: Buffer[] = Array.from({ length: SLOTS }, () => Buffer.alloc(0));
  #slot = 0;
  #used = 0;

  /** Turns to the memory of the oldest GOP, for the units of one with this many bytes. */
  nextGop(bytes: number): void {
    this.#slot = (this.#slot + 1) % SLOTS;
    this.#used = 0;
    if ((this.#slots[this.#slot]?.length ?? 0) < bytes) this.#slots[this.#slot] = Buffer.allocUnsafeSlow(bytes);
  }

  allocate(bytes: number): Buffer {
    const slot = this.#slots[this.#slot];
    // A unit that began in the GOP before may be more than there is room for.
    if (!slot || this.#used + bytes > slot.length) return Buffer.allocUnsafe(bytes);
    const range = slot.subarray(this.#used, this.#used + bytes);
    this.#used += bytes;
    return range;
  }
}
