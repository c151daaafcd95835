import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { copyFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface RotationLimits {
  readonly maxBytes: number;
  /** Older files kept: `studio.log.1` is the newest of them. */
  readonly keep: number;
}

const DEFAULT_LIMITS: RotationLimits = { maxBytes: 10 * 1024 * 1024, keep: 5 };

/** An append-only log of bounded size. Lines are written at once, so that the last one before a crash is there. */
export class RotatingFile implements Disposable {
  readonly #path: string;
  readonly #limits: RotationLimits;
  #file: number;
  #bytes: number;

  constructor(path: string, limits: RotationLimits = DEFAULT_LIMITS) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#limits = limits;
    this.#file = openSync(path, 'a', 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  line(text: string): void {
    const data = Buffer.from(`${text}\n`);
    if (this.#bytes > 0 && this.#bytes + data.length > this.#limits.maxBytes) this.#rotate();
    writeSync(this.#file, data);
    this.#bytes += data.length;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #rotate(): void {
    closeSync(this.#file);
    const name = (age: number): string => (age === 0 ? this.#path : `${this.#path}.${age}`);
    rmSync(name(this.#limits.keep), { force: true });
    for (let age = this.#limits.keep - 1; age >= 0; age--)
      if (existsSync(name(age))) renameSync(name(age), name(age + 1));
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#bytes = 0;
  }
}

/**
 * Bounds a log that another process holds open for appending (the broadcaster's): copies it aside and cuts it to nothing.
 * A line written between the two steps is lost, which a log may.
 */
export async function rotateForeignLog(path: string, maxBytes = DEFAULT_LIMITS.maxBytes): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (!info || info.size <= maxBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}
