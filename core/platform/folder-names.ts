import { readdir } from 'node:fs/promises';

/** Names of what lies in a folder; none when there is no such folder (yet). */
export async function folderNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
