import type { JournalEntry } from '../contract/journal.ts';

type StartEntry = Extract<JournalEntry, { type: 'start' }>;

/** An item that was left before its end and is to go on later. */
interface Interrupted {
  readonly queueItemId: string;
  readonly assetId: string;
  readonly title: string;
  readonly frames: number;
  /** Frame at which it was left. */
  readonly frame: number;
}

/** What a new engine knows from the journal of the one before. */
export interface JournalState {
  readonly emergency: boolean;
  readonly hold: boolean;
  /** The item that was on air when the engine was lost: started and never ended. */
  readonly onAir: StartEntry | null;
  /** The item that an emergency interrupted and that is to be resumed. */
  readonly interrupted: Interrupted | null;
  /** Queue items that have aired, newest last: the host may not have taken them out of the queue yet. */
  readonly aired: readonly string[];
  /** Since when the channel has been on air without being taken off; null when it was off. */
  readonly onAirSinceMs: number | null;
}

/** Reads the state out of the entries, oldest first. */
export function journalState(entries: readonly JournalEntry[]): JournalState {
  let emergency = false;
  let hold = false;
  let onAirSinceMs: number | null = null;
  let interrupted: Interrupted | null = null;
  const open = new Map<string, StartEntry>();
  const started = new Map<string, StartEntry>();
  const aired = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'mode') {
      ({ emergency, hold } = entry);
    } else if (entry.type === 'engine') {
      onAirSinceMs = entry.event === 'stopped' ? null : entry.onAirSinceMs;
      if (entry.event === 'stopped') interrupted = null;
    } else if (entry.type === 'start') {
      open.set(entry.asRunId, entry);
      started.set(entry.asRunId, entry);
      // Whatever else of the queue starts replaces an item that waited to be resumed.
      if (entry.kind === 'asset') interrupted = null;
      // An operator may queue a row again that has aired: then it is on its way once more.
      if (entry.queueItemId !== null) aired.delete(entry.queueItemId);
    } else if (entry.type === 'end') {
      const start = started.get(entry.asRunId);
      open.delete(entry.asRunId);
      if (entry.queueItemId === null) continue;
      if (!entry.willResume) aired.add(entry.queueItemId);
      else if (start?.assetId && entry.reason === 'emergency') {
        const { queueItemId } = entry;
        const { assetId, title, frames } = start;
        interrupted = { queueItemId, assetId, title, frames, frame: entry.toFrame };
      }
    }
  }
  return { emergency, hold, onAir: [...open.values()].at(-1) ?? null, interrupted, aired: [...aired], onAirSinceMs };
}
