import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describeError } from '../contract/errors.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import { indexPathOf, readAssetIndex } from '../media/mpegts/asset-index-file.ts';

const CHECKED_AGAIN_MS = 3_600_000;

/**
 * Proves the emergency pieces against their checksums: when a file has changed, and every hour. In between it looks at
 * size and time of change only, which costs next to nothing.
 */
export class HouseInspection {
  readonly #sound = new Map<string, { stamp: string; atMs: number }>();

  /** What is wrong with which piece; empty when all are sound. */
  async faults(folder: string, manifest: HouseManifest, nowMs: number): Promise<string[]> {
    const faults: string[] = [];
    for (const file of new Set([manifest.slate, ...manifest.emergency, ...manifest.error]))
      try {
        await this.#inspect(join(folder, file), nowMs);
      } catch (error) {
        this.#sound.delete(join(folder, file));
        faults.push(`${file}: ${describeError(error)}`);
      }
    return faults;
  }

  async #inspect(path: string, nowMs: number): Promise<void> {
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size} ${mtimeMs}`;
    const known = this.#sound.get(path);
    if (known?.stamp === stamp && nowMs - known.atMs < CHECKED_AGAIN_MS) return;
    const [bytes, index] = await Promise.all([readFile(path), readAssetIndex(indexPathOf(path))]);
    if (bytes.length !== index.bytes) throw new Error(`${bytes.length} bytes instead of ${index.bytes}`);
    for (const [offset, length, checksum] of index.gops)
      if (crc32(bytes.subarray(offset, offset + length)) !== checksum)
        throw new Error(`the bytes at ${offset} are not those that were certified`);
    this.#sound.set(path, { stamp, atMs: nowMs });
  }
}
