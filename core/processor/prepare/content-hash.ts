import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readPlaylist } from '../playlist.ts';

export interface ContentHash {
  /** SHA-256, hex. */
  hash: string;
  bytes: number;
}

/** SHA-256 over the bytes of a source; of a playlist, over its own and those of all the local files it names, in order. */
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
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const { size } = await stat(path);
  await pipeline(
    stream,
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) hash.update(chunk);
    },
    signal ? { signal } : {},
  );
  return size;
}
