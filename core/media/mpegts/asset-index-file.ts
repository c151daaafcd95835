import { readFile } from 'node:fs/promises';
import { type AssetIndex, assetIndexSchema } from '../../contract/asset-index.ts';
import { StudioError } from '../../contract/errors.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';

/** Path of the index beside a stream: `x.ts` → `x.index.json`. */
export function indexPathOf(mediaPath: string): string {
  return mediaPath.replace(/\.ts$/, '.index.json');
}

/** Writes the index atomically and durably. */
export async function writeAssetIndex(path: string, index: AssetIndex): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(index));
}

/** Reads an index. Throws ASSET_DAMAGED, with the reason as cause, when it is missing or is not one. */
export async function readAssetIndex(path: string): Promise<AssetIndex> {
  try {
    return assetIndexSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new StudioError('ASSET_DAMAGED', `cannot read the index ${path}`, { cause, detail: { path } });
  }
}
