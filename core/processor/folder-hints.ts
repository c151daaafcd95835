import { type FSWatcher, watch } from 'node:fs';

/** Most folders with a watcher of their own; the others are found out by the regular scan. */
const MAX_WATCHERS = 4096;

/**
 * Tells when something changed in one of a set of folders: one system watcher per folder, none per file. A hint may come
 * too often or not at all (network volumes): it only makes a scan come sooner.
 */
export class FolderHints implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onHint: (folder: string) => void;

  constructor(onHint: (folder: string) => void) {
    this.#onHint = onHint;
  }

  /** Watches exactly these folders. */
  set(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) this.#add(folder);
  }

  [Symbol.dispose](): void {
    this.set(new Set());
  }

  #add(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= MAX_WATCHERS) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#onHint(folder));
      // The folder went away, or the system ran out of watchers: the regular scan sees to it.
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // Same: a folder that cannot be watched is scanned like the others.
    }
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
