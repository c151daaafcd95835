import type { StorageAction } from '../../contract/storage.ts';
import type { AssetFact, StorageFacts, Stored } from './storage-facts.ts';

const DAY_MS = 24 * 3600_000;
const ORPHAN_MS = 2 * DAY_MS;
/** A retired or damaged asset stays so long: a person may want to look at it. */
const GRACE_MS = 3 * DAY_MS;
/** Ready assets that rotation needs: below that nothing is evicted. */
export const ROTATION_NEEDS = 12;
/** Room is made up to this multiple of the low-water mark, so that the next file does not need it at once. */
const ROOM = 1.25;
/** When more files than this and more than half of all are missing, it is the volume that is missing. */
const BELIEVABLE_LOSSES = 3;

/**
 * Rules for assets. `otherwiseFreed`: bytes that other rules free in the same cleaning. Nothing that stands in the queue, is on
 * air or about to be is ever touched; and nothing that cannot be prepared again is evicted.
 */
export function assetRules(
  facts: StorageFacts,
  otherwiseFreed: number,
): { actions: StorageAction[]; problem: string | null } {
  const { assets, assetFolders, nowMs, freeBytes, lowWaterBytes } = facts;
  const low = freeBytes < lowWaterBytes;
  const known = new Map(assets.map((asset) => [asset.id, asset]));
  const folders = new Map(assetFolders.map((folder) => [folder.name, folder]));

  const actions: StorageAction[] = [];
  for (const folder of assetFolders) {
    const asset = known.get(folder.name);
    if (asset === undefined) {
      if (nowMs - folder.modifiedMs > ORPHAN_MS)
        actions.push(removeFolder(folder, 'No asset is stored under this name.'));
    } else if ((asset.state === 'retired' || asset.state === 'damaged') && !asset.inUse) {
      const sinceMs = nowMs - (asset.unfitSinceMs ?? nowMs);
      if (low || sinceMs > GRACE_MS) actions.push(removeFolder(folder, `It is ${asset.state} and will not air again.`));
    }
  }

  const ready = assets.filter(({ state }) => state === 'ready');
  const missing = ready.filter(({ hasFile }) => !hasFile);
  const unreachable = missing.length > BELIEVABLE_LOSSES && missing.length > ready.length / 2;
  if (!unreachable) actions.push(...missing.map(lost));
  if (low) {
    const freed = otherwiseFreed + actions.reduce((sum, { bytes }) => sum + bytes, 0);
    const present = ready.filter(({ hasFile }) => hasFile);
    actions.push(...evictions(present, folders, lowWaterBytes * ROOM - freeBytes - freed));
  }
  const problem = unreachable
    ? `The files of ${missing.length} of ${ready.length} assets cannot be found: is a volume not mounted? Their assets are left as they are.`
    : null;
  return { actions, problem };
}

/** Least recently aired first; what never aired is about to, so it goes last, the oldest first. */
function evictions(
  present: readonly AssetFact[],
  folders: ReadonlyMap<string, Stored>,
  neededBytes: number,
): StorageAction[] {
  const candidates = present
    .filter(
      ({ inUse, recoverable, planState }) => !inUse && recoverable && (planState === 'ready' || planState === 'played'),
    )
    .sort(
      (a, b) =>
        (a.lastAiredMs ?? Number.MAX_VALUE) - (b.lastAiredMs ?? Number.MAX_VALUE) || a.createdAtMs - b.createdAtMs,
    )
    .slice(0, Math.max(0, present.length - ROTATION_NEEDS));
  const chosen: StorageAction[] = [];
  let freed = 0;
  for (const { id } of candidates) {
    if (freed >= neededBytes) break;
    const bytes = folders.get(id)?.bytes ?? 0;
    freed += bytes;
    chosen.push({
      kind: 'evict',
      subject: id,
      bytes,
      reason: 'Space is short and it has not aired for longest: it is prepared again later.',
    });
  }
  return chosen;
}

function removeFolder({ name, bytes }: Stored, reason: string): StorageAction {
  return { kind: 'remove', subject: `assets/${name}`, bytes, reason };
}

function lost({ id }: AssetFact): StorageAction {
  return { kind: 'mark_missing', subject: id, bytes: 0, reason: 'Its prepared file is gone.' };
}
