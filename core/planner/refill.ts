import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import type { StoreCommandArgs } from '../contract/store-commands.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import type { ChooseNext } from './choose-next.ts';

/** What one refill sends to the store; the commands commit together. */
export interface Refill {
  remove: StoreCommandArgs<'queue.remove'>[];
  extend: StoreCommandArgs<'queue.extend'>;
  draws: StoreCommandArgs<'setting.set'>;
  plannedFor: StoreCommandArgs<'setting.set'>;
  decision: StoreCommandArgs<'decision.record'>;
}

export interface RefillOptions {
  reader: StudioReader;
  channelId: string;
  choose: ChooseNext;
  seed: string;
  targetMs: number;
  atMs: number;
}

const MIN_ITEMS = 12;
const MAX_ITEMS = 500;
/** Refill below this share of the target depth or of the most items, so that not every item that ends makes a decision of its own. */
const REFILL_BELOW = 0.9;
/** When the library grew by this factor, what was planned with the small one is planned again. */
const REPLAN_GROWTH = 1.5;
/** Items at the head of the queue that a new plan leaves alone: they may be prerolled, and their crossfades exist. */
const KEPT_ITEMS = 10;

/**
 * Decides whether and how to fill the queue up to its target depth; null when it is deep enough. When the library has grown
 * by half since the queue was planned, the planner's own items behind the first ten are drawn anew. Items whose asset is
 * not of the channel's profile any more are taken out.
 */
export function planRefill({ reader, channelId, choose, seed, targetMs, atMs }: RefillOptions): Refill | null {
  const library = reader.readyAssetSummaries(channelId);
  const plannedForKey = `planner.plannedFor.${channelId}`;
  const drawsKey = `planner.draws.${channelId}`;
  const plannedFor = numberSetting(reader, plannedForKey, 0);
  const counter = numberSetting(reader, drawsKey, 0);
  const queue = reader.queueOrder(channelId);
  const replan = library.length >= plannedFor * REPLAN_GROWTH && library.length > plannedFor;

  const durations = new Map(library.map(({ id, durationMs }) => [id, durationMs]));
  const unplayable = queue.filter((item) => item.state === 'queued' && !durations.has(item.assetId));
  if (library.length === 0 && unplayable.length === 0) return null;
  const outgrown = replan ? queue.slice(KEPT_ITEMS).filter((item) => item.origin === 'planner') : [];
  const removed = new Set([...unplayable, ...outgrown].map((item) => item.id));
  const kept = queue.filter((item) => !removed.has(item.id));
  const bufferMs = kept
    .filter((item) => item.state === 'queued')
    .reduce((sum, item) => sum + (durations.get(item.assetId) ?? 0), 0);
  const deepEnough = kept.length >= MIN_ITEMS && bufferMs >= targetMs * REFILL_BELOW;
  const longEnough = kept.length >= MAX_ITEMS * REFILL_BELOW;
  if ((deepEnough || longEnough) && removed.size === 0) return null;

  const aired = reader.airedAssetIds(channelId, library.length);
  const drawn = choose({
    library,
    recent: [...aired, ...kept.map((item) => item.assetId)],
    seed,
    counter,
    count: Math.max(0, MAX_ITEMS - kept.length),
  });
  const chosen = takeUntilDeep(drawn, durations, { items: kept.length, bufferMs }, targetMs);
  const hours = (ms: number): string => (ms / 3_600_000).toFixed(1);
  const start =
    outgrown.length > 0
      ? `The library grew from ${plannedFor} to ${library.length} assets, so ${outgrown.length} items were planned again.`
      : unplayable.length > 0
        ? `${unplayable.length} items were removed because their assets are not in the house format of the channel.`
        : `The queue held ${hours(bufferMs)} h of ${hours(targetMs)} h in ${kept.length} items.`;
  return {
    remove: [...removed].map((id) => ({ id })),
    extend: {
      channelId,
      afterId: kept.at(-1)?.id ?? null,
      items: chosen.map((assetId) => ({ id: ulid(atMs), assetId })),
      atMs,
    },
    draws: { key: drawsKey, value: counter + chosen.length },
    plannedFor: { key: plannedForKey, value: replan ? library.length : Math.min(plannedFor, library.length) },
    decision: {
      id: ulid(atMs),
      channelId,
      kind: 'refill',
      seed: `${seed}:${counter}`,
      inputs: {
        libraryAssets: library.length,
        libraryHash: hashIds(library.map(({ id }) => id)),
        recentHash: hashIds([...aired, ...kept.map((item) => item.assetId)]),
        queueItems: kept.length,
        bufferMs,
        targetMs,
        counter,
      },
      result: { removed: removed.size, assetIds: chosen },
      reason: `${start} ${chosen.length} were drawn from ${library.length} ready assets.`,
      atMs,
    },
  };
}

/** The shortest head of the draw that reaches both the target depth and the fewest items. */
function takeUntilDeep(
  drawn: readonly string[],
  durations: ReadonlyMap<string, number>,
  queued: { items: number; bufferMs: number },
  targetMs: number,
): string[] {
  let { items, bufferMs } = queued;
  const chosen: string[] = [];
  for (const id of drawn) {
    if (items >= MIN_ITEMS && bufferMs >= targetMs) break;
    chosen.push(id);
    items += 1;
    bufferMs += durations.get(id) ?? 0;
  }
  return chosen;
}

function numberSetting(reader: StudioReader, key: string, otherwise: number): number {
  const value = reader.setting(key);
  return typeof value === 'number' ? value : otherwise;
}

function hashIds(ids: readonly string[]): string {
  return createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 16);
}
