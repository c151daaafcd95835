import type { Topic } from '../../contract/daemon-messages.ts';
import type { StoreOutcome, StoreRequest } from '../../contract/store-commands.ts';

/** What the writer thread is started with. */
export interface WriterThreadData {
  root: string;
  reserveBytes: number;
}

export type ToWriterThread =
  /** Commands of one turn of the event loop: they commit together. */
  { type: 'run'; id: number; requests: readonly StoreRequest[] } | { type: 'maintain' } | { type: 'close' };

export type FromWriterThread =
  | { type: 'ready' }
  | { type: 'refused'; outcome: Extract<StoreOutcome, { ok: false }> }
  | { type: 'done'; results: { id: number; outcomes: StoreOutcome[] }[]; topics: Topic[] }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; message: string; detail: Record<string, unknown> }
  | { type: 'maintained' }
  | { type: 'closed' };
