import { ulid } from 'ulid';
import type { StoreCommandArgs } from '../contract/store-commands.ts';
import type { QueueEntry, StudioReader } from '../store/studio-reader.ts';

/** Queued items that stay in front of a new asset: their order is settled and their crossfades are being rendered. */
const SETTLED_ITEMS = 3;
/** New items that stand there already and go first, at most; also the most that are placed at a time. */
const BLOCK_ITEMS = 6;

/**
 * A new asset is not left to wait at the far end of the queue: assets that never stood in the queue are put right
 * after the next three queued items, behind up to six others that stand there and air for the first time as well.
 */
export function placeFreshAssets(
  reader: StudioReader,
  channelId: string,
  atMs: number,
): StoreCommandArgs<'queue.add'>[] {
  const waiting = reader.neverQueuedAssetIds(channelId, BLOCK_ITEMS);
  if (waiting.length === 0) return [];
  const near = reader.queue(channelId, SETTLED_ITEMS + BLOCK_ITEMS + 2);
  const settled = near.findIndex(({ item }) => item.state === 'queued') + SETTLED_ITEMS;
  const newInBlock = countNew(near, settled);
  const before = near[settled + newInBlock]?.item.id;
  return waiting.map((assetId) => ({
    id: ulid(atMs),
    channelId,
    assetId,
    where: before === undefined ? 'end' : { beforeId: before },
    origin: 'planner',
    atMs,
  }));
}

/** How many items from `start` on air for the first time; counts no further than the block. */
function countNew(near: readonly QueueEntry[], start: number): number {
  const seen = new Set(near.slice(0, start).map(({ asset }) => asset.id));
  let count = 0;
  for (const { asset } of near.slice(start, start + BLOCK_ITEMS)) {
    if (asset.airedCount > 0 || asset.lastAiredMs !== null || seen.has(asset.id)) break;
    seen.add(asset.id);
    count += 1;
  }
  return count;
}
