import { hasAdaptationField, markDiscontinuity, PACKET_BYTES, packetPid, startsUnit } from '../media/mpegts/packet.ts';

/**
 * Announces the hole in the stream of one receiver that was too slow: sets discontinuity_indicator (ISO/IEC 13818-1
 * §2.4.3.5) in the first packet of each PID after it, so that counters, clock and time stamps may jump there.
 *
 * The alternative, continuity counters of its own for each receiver, would mean a private copy of the whole stream for it
 * from then on. This copies one or two chunks, and it is the truth: something is missing.
 */
export class DiscontinuityMarker {
  #pending: Set<number>;

  constructor(pids: readonly number[]) {
    this.#pending = new Set(pids);
  }

  /** True when every PID has been marked. */
  get done(): boolean {
    return this.#pending.size === 0;
  }

  /** The bytes with the marks that fall into them; the same bytes, uncopied, when none does. */
  mark(bytes: Buffer): Buffer {
    let copy: Buffer | null = null;
    for (let packet = 0; packet + PACKET_BYTES <= bytes.length && !this.done; packet += PACKET_BYTES) {
      const pid = packetPid(bytes, packet);
      if (!this.#pending.has(pid) || !startsUnit(bytes, packet) || !hasAdaptationField(bytes, packet)) continue;
      copy ??= Buffer.from(bytes);
      markDiscontinuity(copy, packet);
      this.#pending.delete(pid);
    }
    return copy ?? bytes;
  }
}
