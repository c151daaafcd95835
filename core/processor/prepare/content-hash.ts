import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readPlaylist } from '../playlist.ts';
import { Rejection } from './rejection.ts';

export interface ContentHash {
  /** SHA-256, hex. */
  hash: string;
  bytes: number;
}

/**
 * SHA-256 over the bytes of a source; of a playlist, over its own and those of all the local files it names, in order.
 * Throws `Rejection` (`unreadable`) when one of them is a pipe or a device: whoever opens it might wait for ever.
 */
export async function contentHash(path: string, signal?: AbortSignal): Promise<ContentHash> {
  const hash = createHash('sha256');
  let bytes = await addFile(hash, path, signal);
  const named = extname(path).toLowerCase() === '.m3u8' ? await readPlaylist(path) : [];
  for (const file of named) {
    // A segment that is missing does not make the rest another programme; reading the playlist will show the hole.
    if (await stat(file).catch(() => null)) bytes += await addFile(hash, file, signal);
  }
  return { hash: hash.digest('hex'), bytes };
}

async function addFile(hash: Hash, path: string, signal: AbortSignal | undefined): Promise<number> {
  // Without waiting: should the file have become a pipe meanwhile, opening it would hold a thread for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    if (!info.isFile())
      throw new Rejection({
        code: 'unreadable',
        message: `${path} is no ordinary file but a pipe, a device or a folder.`,
      });
    await pipeline(
      file.createReadStream({ highWaterMark: 1024 * 1024, autoClose: false }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) hash.update(chunk);
      },
      signal ? { signal } : {},
    );
    return info.size;
  } finally {
    await file.close();
  }
}
