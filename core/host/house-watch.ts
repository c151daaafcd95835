import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type HouseManifest, houseManifestSchema } from '../contract/house-piece.ts';
import type { DataPaths } from '../platform/data-paths.ts';

const POLL_MS = 100;

/** The manifest of a profile's emergency pieces; null while there is none that can be used. */
export async function readHouseManifest(paths: DataPaths, profileId: string): Promise<HouseManifest | null> {
  try {
    const text = await readFile(join(paths.house(profileId), 'manifest.json'), 'utf8');
    return houseManifestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}

/** Waits for the manifest: at first start the processor renders the pieces. Null when the signal came first. */
export async function waitForHouse(
  paths: DataPaths,
  profileId: string,
  signal: AbortSignal,
): Promise<HouseManifest | null> {
  while (!signal.aborted) {
    const manifest = await readHouseManifest(paths, profileId);
    if (manifest) return manifest;
    await delay(POLL_MS);
  }
  return null;
}
