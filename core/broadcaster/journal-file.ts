import {
  appendFileSync,
  closeSync,
  fdatasync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { type JournalEntry, journalEntrySchema } from '../contract/journal.ts';
import type { Logger } from '../platform/logger.ts';

/** A new file is begun beyond this size. At two lines for each three-minute item it is a matter of days. */
const ROTATE_BYTES = 512 * 1024;

/** Lines kept while the disk refuses them. */
const MAX_WAITING_LINES = 10_000;

/** An entry without what the journal adds itself. */
export type JournalDraft = JournalEntry extends infer E ? (E extends JournalEntry ? Omit<E, 'seq'> : never) : never;

/**
 * The as-run journal on disk: append-only JSON lines in `journal/as-run-<first seq>.jsonl`. The names sort in the order in
 * which they were written. A line is handed to the system before `append` returns, so it survives a kill -9; it
 * is made durable in the background, because the air does not wait for a disk.
 */
export class JournalFile {
  /** Entries of the newest two files as they were found at the start, oldest first. */
  readonly found: readonly JournalEntry[];
  readonly #folder: string;
  readonly #log: Logger;
  /** The newest entries of the kinds that a new file must begin with, so that it can be understood alone. */
  #engine: Extract<JournalEntry, { type: 'engine' }> | null = null;
  #mode: Extract<JournalEntry, { type: 'mode' }> | null = null;
  #seq: number;
  #path: string;
  #fd: number | null = null;
  #bytes = 0;
  #waiting: string[] = [];
  #syncing = false;

  constructor(folder: string, log: Logger) {
    this.#folder = folder;
    this.#log = log;
    mkdirSync(folder, { recursive: true });
    const names = readdirSync(folder)
      .filter((name) => /^as-run-\d+\.jsonl$/.test(name))
      .sort();
    const newest = names.at(-1);
    if (newest !== undefined) mendLastLine(join(folder, newest));
    this.found = names.slice(-2).flatMap((name) => readEntries(join(folder, name), log));
    for (const entry of this.found) this.#remember(entry);
    this.#seq = (this.found.at(-1)?.seq ?? -1) + 1;
    this.#path = newest === undefined ? this.#nextPath() : join(folder, newest);
  }

  append(draft: JournalDraft): JournalEntry {
    if (this.#bytes > ROTATE_BYTES) this.#rotate();
    return this.#write(draft);
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #write(draft: JournalDraft): JournalEntry {
    const entry = journalEntrySchema.parse({ ...draft, seq: this.#seq++ });
    this.#remember(entry);
    this.#waiting.push(`${JSON.stringify(entry)}\n`);
    this.#flush();
    return entry;
  }

  #remember(entry: JournalEntry): void {
    if (entry.type === 'engine') this.#engine = entry;
    if (entry.type === 'mode') this.#mode = entry;
  }

  /** Writes the waiting lines. A full disk stops the journal, never the air: lines wait, and go out with a later one. */
  #flush(): void {
    const text = this.#waiting.join('');
    try {
      if (this.#fd === null) {
        this.#fd = openSync(this.#path, 'a', 0o644);
        this.#bytes = statSync(this.#path).size;
      }
      appendFileSync(this.#fd, text);
      this.#bytes += Buffer.byteLength(text);
      this.#waiting = [];
      this.#sync(this.#fd);
    } catch (error) {
      // Part of the text may be on disk: the next attempt starts on a line of its own, and a reader passes over the torn one.
      if (this.#waiting[0] !== '\n') this.#waiting.unshift('\n');
      if (this.#waiting.length > MAX_WAITING_LINES) this.#waiting.splice(1, this.#waiting.length - MAX_WAITING_LINES);
      this.#log.error({ err: error, waiting: this.#waiting.length }, 'the journal cannot be written; its lines wait');
    }
  }

  #sync(fd: number): void {
    if (this.#syncing) return;
    this.#syncing = true;
    fdatasync(fd, (error) => {
      this.#syncing = false;
      if (error && this.#fd === fd) this.#log.warn({ err: error }, 'the journal could not be made durable');
    });
  }

  #rotate(): void {
    this.close();
    this.#bytes = 0;
    this.#path = this.#nextPath();
    if (this.#engine) this.#write({ ...this.#engine, event: 'continued', detail: 'continues the file before' });
    if (this.#mode) this.#write(this.#mode);
  }

  #nextPath(): string {
    return join(this.#folder, `as-run-${String(this.#seq).padStart(12, '0')}.jsonl`);
  }
}

/** A process killed while it wrote leaves half a line: it is cut off, so that what follows starts on a line of its own. */
function mendLastLine(path: string): void {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
}

function readEntries(path: string, log: Logger): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    try {
      entries.push(journalEntrySchema.parse(JSON.parse(line)));
    } catch (error) {
      log.warn({ err: error, path }, 'a journal line cannot be read and is passed over');
    }
  }
  return entries;
}
