/** Large enough for seconds of a 3 Mb/s stream, small enough that one that is still referenced costs little. */
const SLAB_BYTES = 1024 * 1024;

/**
 * Hands out short-lived byte ranges from large allocations. Every `Buffer` above 4 kB is otherwise an allocation outside
 * the JavaScript heap with its own finaliser: at 80 units a second that is most of the engine's garbage collection.
 * A slab is freed by the collector when the last range in it is.
 */
export class SlabAllocator {
  #slab = Buffer.allocUnsafeSlow(0);
  #used = 0;

  /** Uninitialised bytes that nobody else has. Requests larger than a slab get an allocation of their own. */
  allocate(bytes: number): Buffer {
    if (bytes > SLAB_BYTES) return Buffer.allocUnsafeSlow(bytes);
    if (this.#used + bytes > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const range = this.#slab.subarray(this.#used, this.#used + bytes);
    this.#used += bytes;
    return range;
  }
}
