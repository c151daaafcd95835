import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { describeError, StudioError } from '../../contract/errors.ts';

/**
 * Unpacks a backup into a new file and makes it durable.
 *
 * @throws StudioError `NOT_FOUND` when there is no such backup, `DISK_FULL`, `DATABASE_BROKEN` when it is torn or no gzip; nothing is left behind.
 */
export async function unpackBackup(path: string, target: string): Promise<void> {
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(target, { flags: 'wx' }));
    const file = await open(target, 'r+');
    await file.sync().finally(() => file.close());
  } catch (error) {
    await rm(target, { force: true });
    throw refusal(path, error);
  }
}

function refusal(path: string, error: unknown): StudioError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const options = { detail: { path }, cause: error };
  if (code === 'ENOENT') return new StudioError('NOT_FOUND', `there is no backup ${path}`, options);
  if (code === 'ENOSPC') return new StudioError('DISK_FULL', `no room to unpack ${path}`, options);
  return new StudioError('DATABASE_BROKEN', `${path} cannot be unpacked: ${describeError(error)}`, options);
}
