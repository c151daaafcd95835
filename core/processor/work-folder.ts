import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';

/** What no job has touched for so long belongs to none, ms. */
const STRAY_MS = 2 * 24 * 3600_000;

/** Folder of one job alone; job ids hold characters that not every file system takes. */
export function jobWorkFolder(paths: DataPaths, jobId: string): string {
  return join(paths.work, jobId.replaceAll(/[^\w.-]/g, '_'));
}

/**
 * Removes what crashed jobs that never ran again left behind: old work folders, and asset folders that were moved into
 * place but never certified. `isAsset` tells whether the store knows an asset.
 */
export async function sweepStrays(
  paths: DataPaths,
  isAsset: (assetId: string) => boolean,
  clock: Clock,
  logger: Logger,
): Promise<string[]> {
  const assets = join(paths.asset('x').folder, '..');
  const removed: string[] = [];
  for (const [folder, keep] of [[paths.work, () => false] as const, [assets, isAsset] as const]) {
    for (const name of await names(folder)) {
      const path = join(folder, name);
      const { mtimeMs } = await stat(path);
      if (keep(name) || clock.wallMs() - mtimeMs < STRAY_MS) continue;
      await rm(path, { recursive: true, force: true });
      removed.push(path);
    }
  }
  if (removed.length > 0) logger.info({ removed: removed.length }, 'strays of crashed jobs removed');
  return removed;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
