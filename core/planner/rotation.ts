import { createHash } from 'node:crypto';
import type { ChooseNext } from './choose-next.ts';

/**
 * The next asset ids in playing order: a seeded random rotation. An asset rests until half of the library (rounded down)
 * has aired in between, so with two assets they alternate, and only a single asset repeats itself. Among the rested ones
 * the draw is uniform over the half that waited longest (never aired counts as longest), so nothing starves.
 *
 * Pure and prefix-stable: drawing 3 and then 2 more, with the first 3 appended to `recent` and `counter + 3`, gives the
 * same as drawing 5.
 */
export const chooseNext: ChooseNext = ({ library, recent, seed, counter, count }) => {
  if (library.length === 0) return [];
  // Least recently aired first; a Map keeps insertion order, and setting after deleting moves an id to the end.
  const order = new Map(library.map(({ id }) => [id, true]));
  for (const id of recent) if (order.delete(id)) order.set(id, true);
  const rested = order.size - Math.floor(order.size / 2);
  const candidates = Math.ceil(rested / 2);
  const chosen: string[] = [];
  for (let draw = counter; draw < counter + count; draw += 1) {
    const id = elementAt(order.keys(), Math.floor(uniform(seed, draw) * candidates));
    if (id === undefined) break;
    order.delete(id);
    order.set(id, true);
    chosen.push(id);
  }
  return chosen;
};

function elementAt(values: Iterable<string>, index: number): string | undefined {
  let at = 0;
  for (const value of values) {
    if (at === index) return value;
    at += 1;
  }
  return undefined;
}

/** The draw-th number of a seed, in [0, 1): the first 48 bits of SHA-256, which a double holds exactly. */
function uniform(seed: string, draw: number): number {
  return createHash('sha256').update(`${seed}:${draw}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
