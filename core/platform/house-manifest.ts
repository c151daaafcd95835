import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HouseManifest, houseManifestSchema } from '../contract/house-piece.ts';
import type { DataPaths } from './data-paths.ts';

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
