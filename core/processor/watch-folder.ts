import { dirname } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { ulid } from 'ulid';
import { describeError } from '../contract/errors.ts';
import type { IncidentCode } from '../contract/incident.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { FolderHints } from './folder-hints.ts';
import { titleOf } from './media-files.ts';
import { type FoundFile, type LibraryScan, scanLibrary } from './scan-library.ts';
import { Settling } from './settling.ts';

export interface WatchFolderOptions {
  channelId: string;
  store: StoreClient;
  reader: StudioReader;
  clock: Clock;
  logger: Logger;
  /** Time between two complete scans, ms; 60,000 when absent. */
  scanEveryMs?: number;
  /** How long a file must stay unchanged before it is taken, ms; 2,000 when absent. */
  settleMs?: number;
}

const SETTLE_MS = 2_000;

const SCAN_EVERY_MS = 60_000;
/** Plans in one command: small enough that checking and sending them is no pause. */
const BATCH = 200;
const INCIDENT: IncidentCode = 'library_unreadable';

/** `gone`: the store was told that the file vanished. */
type Known = Pick<FoundFile, 'bytes' | 'modifiedMs'> & { gone: boolean };

/**
 * Turns the library folders of the store into plans. A complete scan at the start and every minute is the truth; system
 * watchers, one per folder, only make the scan of a folder come sooner. (chokidar was measured with 20,000 files: its
 * first scan held up the event loop for 200 to 780 ms and it holds one watcher per file.)
 * A file becomes a plan when it was left alone for a while; what is known from before is not added again.
 */
export class WatchFolder {
  readonly #options: WatchFolderOptions;
  readonly #settleMs: number;
  readonly #settling: Settling;
  readonly #hints: FolderHints;
  readonly #known = new Map<string, Known>();
  readonly #parts = new Set<string>();
  /** Paths with an open incident, also of an earlier process. */
  readonly #troubles = new Set<string>();
  readonly #hinted = new Set<string>();
  #folders: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #fullScanAtMs = 0;
  #working: Promise<void> | null = null;
  #loaded = false;
  readonly #stopping = new AbortController();

  constructor(options: WatchFolderOptions) {
    this.#options = options;
    this.#settleMs = options.settleMs ?? SETTLE_MS;
    this.#settling = new Settling(options.clock, this.#settleMs);
    this.#hints = new FolderHints((folder) => {
      this.#hinted.add(folder);
      this.#schedule(this.#settleMs / 4);
    });
  }

  /** The library folders may have changed: scan all of them now. */
  wake(): void {
    this.#fullScanAtMs = 0;
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    this.#hints[Symbol.dispose]();
    await this.#working;
  }

  #schedule(inMs: number): void {
    if (this.#stopping.signal.aborted || this.#working) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#working = this.#work().finally(() => {
        this.#working = null;
        this.#schedule(this.#nextInMs());
      });
    }, inMs);
  }

  #nextInMs(): number {
    if (this.#hinted.size > 0 || this.#settling.size > 0) return this.#settleMs / 4;
    return Math.max(0, this.#fullScanAtMs - this.#options.clock.monotonicMs());
  }

  async #work(): Promise<void> {
    const { clock, logger, scanEveryMs = SCAN_EVERY_MS } = this.#options;
    try {
      if (!this.#loaded) await this.#load();
      if (clock.monotonicMs() >= this.#fullScanAtMs) {
        this.#fullScanAtMs = clock.monotonicMs() + scanEveryMs;
        await this.#scanAll();
      }
      for (const folder of [...this.#hinted]) {
        this.#hinted.delete(folder);
        await this.#scanOne(folder);
      }
      await this.#discover(await this.#settling.settled());
    } catch (error) {
      // The store may be restarting; what was found stays on the list or is found again.
      this.#fullScanAtMs = Math.min(this.#fullScanAtMs, clock.monotonicMs() + this.#settleMs);
      if (!this.#stopping.signal.aborted) logger.warn({ reason: describeError(error) }, 'scanning the library failed');
    }
  }

  async #load(): Promise<void> {
    const { reader, channelId } = this.#options;
    let count = 0;
    for (const { locator, fileBytes, fileModifiedMs, state } of reader.knownFiles(channelId)) {
      this.#known.set(locator, { bytes: fileBytes ?? -1, modifiedMs: fileModifiedMs ?? -1, gone: state === 'expired' });
      if (++count % BATCH === 0) await breathe();
    }
    for (const { code, subject } of reader.openIncidents(channelId)) if (code === INCIDENT) this.#troubles.add(subject);
    this.#loaded = true;
  }

  async #scanAll(): Promise<void> {
    const { reader, channelId } = this.#options;
    const folders = new Set<string>();
    const present = new Set<string>();
    const unreadable = new Map<string, string>();
    const roots = reader.libraryFolders(channelId).map(({ path }) => path);
    this.#parts.clear();
    for (const root of roots) {
      const scan = await scanLibrary(root, { recursive: true, signal: this.#stopping.signal });
      this.#take(scan);
      for (const folder of scan.folders) folders.add(folder);
      for (const path of scan.files.keys()) present.add(path);
      for (const [path, reason] of scan.unreadable) unreadable.set(path, reason);
    }
    if (this.#stopping.signal.aborted) return;
    this.#folders = folders;
    this.#hints.set(folders);
    await this.#tellTroubles(unreadable);
    // Below what cannot be read nothing is known to be gone: a volume that is not mounted is no empty library.
    const below = (path: string, folder: string) => path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
    const doubtful = (path: string) => [...unreadable.keys()].some((folder) => path === folder || below(path, folder));
    const removedRoot = (path: string) => !roots.some((root) => below(path, root));
    await this.#vanish((path) => !present.has(path) && (removedRoot(path) || !doubtful(path)));
  }

  async #scanOne(folder: string): Promise<void> {
    const scan = await scanLibrary(folder, { recursive: false, signal: this.#stopping.signal });
    this.#take(scan);
    // A new subfolder, or the folder itself gone: the whole picture is needed.
    const news = [...scan.subfolders].some((each) => !this.#folders.has(each));
    if (scan.unreadable.size > 0 || news) this.#fullScanAtMs = 0;
    else await this.#vanish((path) => dirname(path) === folder && !scan.files.has(path));
  }

  #take(scan: LibraryScan): void {
    for (const part of scan.parts) this.#parts.add(part);
    for (const file of scan.files.values()) {
      const known = this.#known.get(file.path);
      if (known && !known.gone && known.bytes === file.bytes && known.modifiedMs === file.modifiedMs) continue;
      this.#settling.add(file);
    }
  }

  async #discover(files: readonly FoundFile[]): Promise<void> {
    const { store, channelId, clock, logger } = this.#options;
    const programmes = files.filter((file) => !this.#parts.has(file.path));
    for (let at = 0; at < programmes.length; at += BATCH) {
      const batch = programmes.slice(at, at + BATCH);
      const atMs = clock.wallMs();
      const plans = batch.map(({ path, bytes, modifiedMs }) => ({
        ...{ id: ulid(atMs), sourceKind: 'folder' as const, locator: path, title: titleOf(path) },
        ...{ fileBytes: bytes, fileModifiedMs: modifiedMs },
      }));
      const { added, changed } = await store.run('plan.discover', { channelId, plans, atMs });
      for (const { path, bytes, modifiedMs } of batch) this.#known.set(path, { bytes, modifiedMs, gone: false });
      await breathe();
      if (added + changed > 0) logger.info({ added, changed }, 'files found in the library');
    }
  }

  async #vanish(isGone: (path: string) => boolean): Promise<void> {
    const { store, channelId, clock, logger } = this.#options;
    const locators: string[] = [];
    for (const [path, known] of this.#known) if (!known.gone && isGone(path)) locators.push(path);
    for (let at = 0; at < locators.length; at += BATCH) {
      const batch = locators.slice(at, at + BATCH);
      await store.run('plan.vanish', { channelId, locators: batch, atMs: clock.wallMs() });
      for (const path of batch) {
        const known = this.#known.get(path);
        if (known) known.gone = true;
      }
    }
    if (locators.length > 0) logger.info({ files: locators.length }, 'files gone from the library');
  }

  async #tellTroubles(unreadable: ReadonlyMap<string, string>): Promise<void> {
    const { store, channelId, clock } = this.#options;
    const atMs = clock.wallMs();
    for (const path of [...this.#troubles].filter((each) => !unreadable.has(each))) {
      this.#troubles.delete(path);
      await store.run('incident.resolve', { code: INCIDENT, subject: path, atMs });
    }
    for (const [path, reason] of unreadable) {
      if (this.#troubles.has(path)) continue;
      this.#troubles.add(path);
      const message = `${path} in the library cannot be read (${reason}).`;
      const incident = { id: ulid(atMs), channelId, code: INCIDENT, subject: path, severity: 'warning' as const };
      await store.run('incident.open', { ...incident, message, atMs });
    }
  }
}
