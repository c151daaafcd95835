import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stored } from './storage-facts.ts';

/**
 * What lies directly in a folder, folders with the bytes of all they hold. A folder that does not exist is empty; what
 * vanishes while it is looked at is left out. Links are never followed: they count as themselves.
 */
export async function scanFolder(folder: string): Promise<Stored[]> {
  const found: Stored[] = [];
  for (const entry of await entries(folder)) {
    const path = join(folder, entry.name);
    const info = await stat(path).catch(() => null);
    if (info === null || entry.isSymbolicLink()) continue;
    if (!entry.isDirectory()) {
      found.push({ name: entry.name, bytes: info.size, files: 1, modifiedMs: info.mtimeMs });
      continue;
    }
    const inside = await scanFolder(path);
    found.push({
      name: entry.name,
      bytes: inside.reduce((sum, { bytes }) => sum + bytes, 0),
      files: inside.reduce((sum, { files }) => sum + files, 0),
      modifiedMs: Math.max(info.mtimeMs, ...inside.map(({ modifiedMs }) => modifiedMs)),
    });
  }
  return found;
}

async function entries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}
