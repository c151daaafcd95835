import type { Clock } from '../platform/clock.ts';
import type { OutputChunk } from './output-chunk.ts';
import type { Program } from './program.ts';
import type { Splicer } from './splicer.ts';
import type { PieceDamage } from './unit-source.ts';

/** A piece that delivers nothing for this long is left. The lead of the output covers most of it. */
const STARVED_MS = 400;

/** The splicer fed by the programme: everything due comes out, whatever happens to the pieces. */
export class Playout {
  readonly #splicer: Splicer;
  readonly #program: Program;
  readonly #clock: Clock;
  readonly #deliver: (chunk: OutputChunk) => boolean;
  #starvedSinceMs: number | null = null;
  #begun = false;

  constructor(splicer: Splicer, program: Program, clock: Clock, deliver: (chunk: OutputChunk) => boolean) {
    this.#splicer = splicer;
    this.#program = program;
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** Writes everything due up to a timeline position and hands it to the sinks. */
  produce(limitTicks: number): void {
    if (!this.#begun) {
      this.#begun = true;
      this.#begin(null, limitTicks);
    }
    this.#program.tick();
    for (let busy = true; busy; ) {
      const result = this.#splicer.advance(limitTicks);
      if (result.type === 'finished') this.#begin(null, limitTicks);
      else if (result.type === 'damage') this.#begin(result, limitTicks);
      else if (result.type === 'starved' && this.#starvedTooLong())
        this.#begin({ type: 'damage', kind: 'too-slow', detail: `no data for ${STARVED_MS} ms` }, limitTicks);
      else busy = false;
      if (result.type !== 'starved') this.#starvedSinceMs = null;
    }
    this.#splicer.output.flush(this.#deliver);
  }

  #begin(damage: PieceDamage | null, limitTicks: number): void {
    const leaveAtMs = Math.round(this.#clock.wallMs() + (this.#splicer.endTicks - limitTicks) / 90);
    this.#splicer.begin(this.#program.next(damage, leaveAtMs));
    this.#starvedSinceMs = null;
  }

  #starvedTooLong(): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#starvedSinceMs ??= nowMs;
    return nowMs - this.#starvedSinceMs > STARVED_MS;
  }
}
