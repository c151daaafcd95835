import { randomUUID } from 'node:crypto';
import type { AsRun } from '../contract/queue.ts';
import type { JournalDraft } from './journal-file.ts';
import type { AirItem } from './segment.ts';

export type EndReason = NonNullable<AsRun['endReason']>;

/** The row that is open: what airs now and since when. */
export interface OpenRow {
  readonly asRunId: string;
  readonly item: AirItem;
  readonly startedAtMs: number;
  readonly fromFrame: number;
}

/** Turns the sequence of items into journal entries: each item that starts ends the one before. */
export class AsRunLog {
  readonly #append: (draft: JournalDraft) => void;
  #open: OpenRow | null = null;

  constructor(append: (draft: JournalDraft) => void) {
    this.#append = append;
  }

  get open(): OpenRow | null {
    return this.#open;
  }

  start(item: AirItem, fromFrame: number, atMs: number): void {
    const asRunId = randomUUID();
    this.#open = { asRunId, item, startedAtMs: atMs, fromFrame };
    const { kind, queueItemId, assetId, title, frames, resumed } = item;
    this.#append({ type: 'start', atMs, asRunId, kind, queueItemId, assetId, title, fromFrame, frames, resumed });
  }

  end(toFrame: number, reason: EndReason, willResume: boolean, atMs: number): void {
    if (!this.#open) return;
    const { asRunId, item } = this.#open;
    this.#append({ type: 'end', atMs, asRunId, queueItemId: item.queueItemId, toFrame, reason, willResume });
    this.#open = null;
  }
}
