import { useEffect } from 'react';
import { create } from 'zustand';
import type { Asset } from '../../../core/contract/asset.ts';
import { studio } from '../api/studio.ts';

/** Assets asked for so far; `null` while the answer is under way or when there is none. */
const useAssets = create<{ byId: ReadonlyMap<string, Asset | null> }>(() => ({ byId: new Map() }));

const MOST_AT_ONCE = 4;
const MOST_KEPT = 2000;
const wanted: string[] = [];
let running = 0;

function put(id: string, asset: Asset | null): void {
  useAssets.setState(({ byId }) => {
    const next = new Map(byId);
    next.set(id, asset);
    const oldest = next.keys().next();
    if (next.size > MOST_KEPT && !oldest.done) next.delete(oldest.value);
    return { byId: next };
  });
}

async function work(): Promise<void> {
  running += 1;
  for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
    try {
      put(id, (await studio.client?.assets.get({ id })) ?? null);
    } catch {
      // Only pictures depend on it: the poster stays in place of the filmstrip.
      put(id, null);
    }
  }
  running -= 1;
}

/** Details of an asset, asked for when first shown (newest request first); null until they are there. */
export function useAsset(id: string | null): Asset | null {
  const asset = useAssets((store) => (id === null ? null : (store.byId.get(id) ?? null)));
  useEffect(() => {
    if (id === null || useAssets.getState().byId.has(id) || wanted.includes(id)) return;
    wanted.push(id);
    if (running < MOST_AT_ONCE) void work();
  }, [id]);
  return asset;
}
