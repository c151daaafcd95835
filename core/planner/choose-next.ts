interface ChooseInput {
  /** Every asset that may air. */
  library: readonly { id: string; durationMs: number }[];
  /** What aired and what stands in the queue, newest last; ids that left the library are ignored. */
  recent: readonly string[];
  seed: string;
  /** Draws made so far with this seed: the only state besides what is stored anyway. */
  counter: number;
  /** How many to draw. */
  count: number;
}

/**
 * The seam of the planner: which assets air next, in playing order. Pure, so that a recorded decision can be made again;
 * and prefix-stable, so that a caller may use only the head of what was drawn. Fewer than `count` when it has no more.
 */
export type ChooseNext = (input: ChooseInput) => string[];
