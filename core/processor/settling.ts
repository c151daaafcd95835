import { stat } from 'node:fs/promises';
import type { Clock } from '../platform/clock.ts';
import type { FoundFile } from './scan-library.ts';

const BATCH = 64;

/** Files that may still be growing: each comes out when its size and time of change stayed the same for `settleMs`. */
export class Settling {
  readonly #waiting = new Map<string, { file: FoundFile; sinceMs: number }>();
  readonly #clock: Clock;
  readonly #settleMs: number;

  constructor(clock: Clock, settleMs: number) {
    this.#clock = clock;
    this.#settleMs = settleMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** A file as it is now; one that waits already keeps its time as long as it is unchanged. */
  add(file: FoundFile): void {
    const known = this.#waiting.get(file.path)?.file;
    if (known && known.bytes === file.bytes && known.modifiedMs === file.modifiedMs) return;
    this.#waiting.set(file.path, { file, sinceMs: this.#clock.monotonicMs() });
  }

  forget(path: string): void {
    this.#waiting.delete(path);
  }

  /** Looks again at those whose time is up; answers the settled ones and drops the vanished ones. */
  async settled(): Promise<FoundFile[]> {
    const now = this.#clock.monotonicMs();
    const due = [...this.#waiting.values()].filter(({ sinceMs }) => now - sinceMs >= this.#settleMs);
    const settled: FoundFile[] = [];
    for (let at = 0; at < due.length; at += BATCH) {
      await Promise.all(
        due.slice(at, at + BATCH).map(async ({ file }) => {
          const info = await stat(file.path).catch(() => null);
          if (!info?.isFile()) this.#waiting.delete(file.path);
          else if (info.size === file.bytes && info.mtimeMs === file.modifiedMs) {
            this.#waiting.delete(file.path);
            settled.push(file);
          } else this.add({ path: file.path, bytes: info.size, modifiedMs: info.mtimeMs });
        }),
      );
    }
    return settled;
  }
}
