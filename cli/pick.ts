import { StudioError } from '../core/contract/errors.ts';

export interface Pickable {
  readonly id: string;
  readonly label: string;
}

const LEAST_PREFIX = 4;

/**
 * Finds what a person named: an id, the place in the list that was printed (`3`), the start of an id, or a label (whole,
 * else a part of it; case does not matter). Throws `NOT_FOUND`, or `BAD_ARGUMENT` naming the candidates when several match.
 */
export function pick<T extends Pickable>(things: readonly T[], named: string, kind: string): T {
  const exact = things.find((thing) => thing.id === named);
  if (exact) return exact;
  if (/^\d{1,5}$/.test(named)) {
    const placed = things[Number(named) - 1];
    if (placed) return placed;
  }
  const lower = named.toLowerCase();
  const tries: ((thing: T) => boolean)[] = [
    (thing) => thing.label.toLowerCase() === lower,
    (thing) => named.length >= LEAST_PREFIX && thing.id.toLowerCase().startsWith(lower),
    (thing) => named.length >= LEAST_PREFIX && thing.label.toLowerCase().includes(lower),
  ];
  for (const matches of tries) {
    const found = things.filter(matches);
    if (found.length === 1 && found[0]) return found[0];
    if (found.length > 1) {
      const names = found.slice(0, 5).map((thing) => `${thing.id} (${thing.label})`);
      throw new StudioError('BAD_ARGUMENT', `"${named}" fits ${found.length} ${kind}s: ${names.join(', ')}`);
    }
  }
  throw new StudioError('NOT_FOUND', `there is no ${kind} "${named}"`);
}
