import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

const CHUNK_BYTES = 1024 * 1024;

/** Free space that must be left after the reserve was made, in reserve sizes. */
const HEADROOM = 1;

/**
 * A file of real bytes on the database's volume that is given up when the volume is full, so that SQLite can always
 * commit. Random bytes, since a file system that compresses or deduplicates would keep no room for zeros.
 */
export class DiskReserve {
  readonly path: string;
  readonly bytes: number;

  constructor(path: string, bytes: number) {
    this.path = path;
    this.bytes = bytes;
  }

  get held(): boolean {
    return existsSync(this.path) && statSync(this.path).size >= this.bytes;
  }

  /** Gives the space back at once; false when there was nothing to give. */
  release(): boolean {
    if (!existsSync(this.path)) return false;
    rmSync(this.path);
    return true;
  }

  /** Makes the file when there is room for it and as much again; true when it is there afterwards. */
  async ensure(): Promise<boolean> {
    if (this.held) return true;
    const { bavail, bsize } = await statfs(dirname(this.path));
    if (bavail * bsize < this.bytes * (1 + HEADROOM)) return false;
    const temporary = `${this.path}.tmp`;
    try {
      await this.#write(temporary);
      await rename(temporary, this.path);
      return true;
    } catch (error) {
      await rm(temporary, { force: true });
      if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
        return false;
      throw error;
    }
  }

  async #write(path: string): Promise<void> {
    const chunk = randomBytes(Math.min(CHUNK_BYTES, this.bytes));
    const file = await open(path, 'w');
    try {
      for (let left = this.bytes; left > 0; left -= chunk.length)
        await file.writeFile(left < chunk.length ? chunk.subarray(0, left) : chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
