import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { folderNames } from '../../platform/folder-names.ts';
import type { Logger } from '../../platform/logger.ts';

/** A piece made or replaced this recently stays: the engine may have prerolled it before the order changed. */
const SETTLE_MS = 10 * 60_000;

/**
 * Removes crossfade pieces of pairs that are no longer wanted. Returns the ids removed. Files that are not transitions
 * are left alone, and a folder that does not exist yet is empty.
 */
export async function pruneTransitions(
  folder: string,
  wanted: ReadonlySet<string>,
  options: { clock: Clock; logger: Logger },
): Promise<string[]> {
  const removed = new Set<string>();
  for (const name of await folderNames(folder)) {
    const id = /^(.+?)(?:\.index\.json|\.ts)$/.exec(name)?.[1];
    if (id === undefined || wanted.has(id)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (options.clock.wallMs() - mtimeMs < SETTLE_MS) continue;
    await rm(path, { force: true });
    removed.add(id);
  }
  if (removed.size > 0) options.logger.debug({ removed: removed.size }, 'crossfades of former neighbours removed');
  return [...removed];
}
