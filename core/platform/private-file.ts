import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';

/** Folder that only its owner may enter. On Windows the user's profile ACL already says so, and modes mean nothing. */
export async function makePrivateFolder(path: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (platform !== 'win32') await chmod(path, 0o700);
}

/** Writes a secret so that only its owner can read it, whole or not at all. */
export async function writePrivateFile(path: string, data: string): Promise<void> {
  await makePrivateFolder(dirname(path));
  await writeFileAtomic(path, data, 0o600);
}

/**
 * Reads a secret. Null when it does not exist. Throws `NOT_AUTHORISED` when others could have read or written it (POSIX
 * modes), since it is no secret then.
 */
export async function readPrivateFile(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    if (platform !== 'win32' && (mode & 0o077) !== 0)
      throw new StudioError('NOT_AUTHORISED', `${path} is open to other users (mode ${(mode & 0o777).toString(8)})`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
