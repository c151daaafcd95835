import type { Clock } from '../platform/clock.ts';

/**
 * How often output is produced. Each tick wakes the event loop, the kernel and every pusher: at 20 ms that was two thirds of
 * the whole cost on air, at 100 ms a third (bench onair-cost). What it would cost in take latency, `hurry` gives back.
 */
const TICK_MS = 100;

/** How far the output runs ahead of the clock: hides the tick and what delays it (garbage collection, a busy machine). */
const LEAD_MS = 250;

/** After an operator's command the output is produced at this finer step, for as long as a viewer could tell. */
const HURRIED_TICK_MS = 15;
const HURRY_FOR_MS = 200;

/** After a longer suspension the channel does not send what it missed: it would flood receivers with the past. */
const REANCHOR_AFTER_MS = 5_000;

const TICKS_PER_MS = 90;

/** Ticks of one minute. */
const LATENESS_TICKS = 60_000 / TICK_MS;

export interface PacerOptions {
  readonly clock: Clock;
  /** Timeline position of the output's end, unwrapped ticks. */
  readonly endTicks: () => number;
  /** Produce everything due up to this timeline position. */
  readonly produce: (limitTicks: number) => void;
  /** The process had been suspended for this long; the timeline goes on from now. */
  readonly onReanchor: (missedMs: number) => void;
}

/**
 * Ties the timeline to the monotonic clock: position = start + elapsed × 90. It is anchored to one instant and never adds
 * up timer intervals, which are always late by a little; a channel that summed them would be minutes behind after a month.
 * A late tick is followed by a larger one, which catches up in a burst.
 */
export class Pacer {
  readonly #options: PacerOptions;
  #anchorMs = 0;
  #anchorTicks = 0;
  #expectedMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #hurried: NodeJS.Timeout | null = null;
  #hurryUntilMs = 0;
  /** Lateness of the ticks of the last minute, ms, as a ring. */
  readonly #lateness = new Float32Array(LATENESS_TICKS);
  #latenessNext = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  /** Starts the clock at the present end of the output. */
  start(): void {
    this.#anchor();
    this.#timer = setInterval(() => {
      this.#noteLateness();
      this.#tick();
    }, TICK_MS);
    this.#tick();
  }

  /** Produces what is due at once, and in small steps for a moment: the first frames of a take must not wait for a tick. */
  hurry(): void {
    this.#hurryUntilMs = this.#options.clock.monotonicMs() + HURRY_FOR_MS;
    if (this.#hurried) this.#tick();
    else this.#hurriedTick();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    if (this.#hurried) clearTimeout(this.#hurried);
    this.#timer = null;
  }

  #hurriedTick(): void {
    this.#hurried = null;
    this.#tick();
    if (this.#options.clock.monotonicMs() < this.#hurryUntilMs)
      this.#hurried = setTimeout(() => this.#hurriedTick(), HURRIED_TICK_MS);
  }

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const limit = this.limitTicks(nowMs);
    const behindMs = (limit - this.#options.endTicks()) / TICKS_PER_MS;
    if (behindMs - LEAD_MS > REANCHOR_AFTER_MS) {
      this.#anchor();
      this.#options.onReanchor(behindMs - LEAD_MS);
    }
    this.#options.produce(this.limitTicks(nowMs));
  }

  /** Timeline position up to which output is due at a monotonic time, lead included. */
  limitTicks(nowMs: number): number {
    return this.#anchorTicks + Math.floor((nowMs - this.#anchorMs + LEAD_MS) * TICKS_PER_MS);
  }

  /** Lateness of the ticks of the last minute, ms: the delay of the event loop as the air feels it. */
  lateness(): { worstMs: number; p99Ms: number } {
    const sorted = Float32Array.from(this.#lateness).sort();
    return { worstMs: sorted.at(-1) ?? 0, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
  }

  #anchor(): void {
    this.#anchorMs = this.#options.clock.monotonicMs();
    this.#anchorTicks = this.#options.endTicks();
    this.#expectedMs = this.#anchorMs + TICK_MS;
  }

  #noteLateness(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const lateMs = Math.max(0, nowMs - this.#expectedMs);
    this.#expectedMs = nowMs + TICK_MS;
    this.#lateness[this.#latenessNext] = lateMs;
    this.#latenessNext = (this.#latenessNext + 1) % LATENESS_TICKS;
  }
}
