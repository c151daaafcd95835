import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type JournalEntry, journalEntrySchema } from '../contract/journal.ts';
import { folderNames } from '../platform/folder-names.ts';
import type { Logger } from '../platform/logger.ts';

/** Bytes read from one journal file at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Follows the engine's journal (`*.jsonl`, in name order) from a cursor on. Remembers how far each file was read, so that
 * following a year-old channel costs no more than following a new one.
 */
export class JournalReader {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #offsets = new Map<string, number>();

  constructor(folder: string, log: Logger) {
    this.#folder = folder;
    this.#log = log;
  }

  /**
   * Whole lines with `seq` above the cursor that were not handed out before, in order. A last line without its line feed
   * (the engine is writing it, or died while writing) is left for the next time. A line that cannot be parsed is
   * logged and passed over: the journal must never stop the channel.
   */
  async read(cursor: number): Promise<JournalEntry[]> {
    const names = (await this.#names()).sort();
    for (const known of this.#offsets.keys()) if (!names.includes(known)) this.#offsets.delete(known);
    const entries: JournalEntry[] = [];
    for (const name of names)
      for (const entry of await this.#newLines(name)) if (entry.seq > cursor) entries.push(entry);
    return entries.sort((a, b) => a.seq - b.seq);
  }

  /** Forgets how far the files were read: the next read starts over (the import failed). */
  rewind(): void {
    this.#offsets.clear();
  }

  async #names(): Promise<string[]> {
    return (await folderNames(this.#folder)).filter((name) => name.endsWith('.jsonl'));
  }

  async #newLines(name: string): Promise<JournalEntry[]> {
    const file = await open(join(this.#folder, name), 'r');
    try {
      const { size } = await file.stat();
      const from = this.#offsets.get(name) ?? 0;
      const entries: JournalEntry[] = [];
      let offset = from;
      let rest = Buffer.alloc(0);
      while (offset + rest.length < size) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - offset - rest.length));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + rest.length);
        if (bytesRead === 0) break;
        rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
        const end = rest.lastIndexOf(0x0a) + 1;
        entries.push(...this.#parse(name, rest.subarray(0, end).toString('utf8')));
        offset += end;
        rest = rest.subarray(end);
      }
      this.#offsets.set(name, offset);
      return entries;
    } finally {
      await file.close();
    }
  }

  #parse(name: string, text: string): JournalEntry[] {
    return text.split('\n').flatMap((line) => {
      if (line.trim() === '') return [];
      try {
        return [journalEntrySchema.parse(JSON.parse(line))];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#log.error({ file: name, reason }, 'a journal line cannot be read and is passed over');
        return [];
      }
    });
  }
}
