import { setTimeout as delay } from 'node:timers/promises';
import type { HouseManifest } from '../contract/house-piece.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { readHouseManifest } from '../platform/house-manifest.ts';

const POLL_MS = 100;

/**
 * Waits for the manifest (at first start the processor renders the pieces), and until it is `enough`; by default, any is.
 * Null when the signal came first.
 */
export async function waitForHouse(
  paths: DataPaths,
  profileId: string,
  signal: AbortSignal,
  enough: (manifest: HouseManifest) => boolean = () => true,
): Promise<HouseManifest | null> {
  while (!signal.aborted) {
    const manifest = await readHouseManifest(paths, profileId);
    if (manifest && enough(manifest)) return manifest;
    await delay(POLL_MS);
  }
  return null;
}
