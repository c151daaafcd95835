import type { StorageAction } from '../../contract/storage.ts';
import { assetRules } from './asset-rules.ts';
import type { StorageFacts, Stored } from './storage-facts.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** What no job touched for so long belongs to none. */
const STRAY_MS = 2 * DAY_MS;
/** A crossfade file is written shortly before its row says so. */
const TRANSITION_SETTLE_MS = HOUR_MS;
/** Longer than any backup is kept: a restored database takes what aired since from the journal. */
const JOURNAL_KEPT_MS = 45 * DAY_MS;
/** The engine reads the newest two files when it starts. */
const JOURNAL_FILES_KEPT = 2;
const LOGS_KEPT_MS = 30 * DAY_MS;
const OLD_HOUSE_MS = 30 * DAY_MS;

export interface StoragePlan {
  readonly actions: StorageAction[];
  readonly problem: string | null;
}

/**
 * What is to be settled, in this order: what belongs to nothing, what is past its time, and, below the low-water mark, what
 * aired longest ago. Pure: the same facts give the same actions.
 */
export function planStorage(facts: StorageFacts): StoragePlan {
  const settled = [...transitionRules(facts), ...agedRules(facts)];
  const { actions, problem } = assetRules(facts, sum(settled));
  return { actions: [...settled, ...actions], problem };
}

function transitionRules({ transitions, transitionFiles, nowMs }: StorageFacts): StorageAction[] {
  const known = new Set(transitions.map(({ id }) => id));
  const present = new Set(transitionFiles.map(({ name }) => name));
  const orphans = transitionFiles.filter((file) => {
    const id = /^(.+?)(?:\.index\.json|\.ts)$/.exec(file.name)?.[1];
    return id !== undefined && !known.has(id) && nowMs - file.modifiedMs > TRANSITION_SETTLE_MS;
  });
  const lost = transitions.filter(({ id, state }) => state === 'ready' && !present.has(`${id}.ts`));
  return [
    ...orphans.map((file) => removal('transitions', file, 'No crossfade is stored under this name.')),
    ...lost.map(
      ({ id }): StorageAction => ({
        kind: 'forget_transition',
        subject: id,
        bytes: 0,
        reason: 'The file of this crossfade is gone: it is rendered again when it is wanted.',
      }),
    ),
  ];
}

function agedRules(facts: StorageFacts): StorageAction[] {
  const { nowMs, work, workInUse, house, profileId, logs, strays } = facts;
  const old = (stored: Stored, keptMs: number): boolean => nowMs - stored.modifiedMs > keptMs;
  return [
    ...work
      .filter((one) => !workInUse.has(one.name) && old(one, STRAY_MS))
      .map((one) => removal('work', one, 'No job has touched it for two days.')),
    ...strays
      .filter((one) => old(one, STRAY_MS))
      .map((one) => removal('', one, 'A restore that was cut short left it.')),
    ...house
      .filter((one) => one.name !== profileId && old(one, OLD_HOUSE_MS))
      .map((one) => removal('house', one, 'It belongs to a house format that is not used any more.')),
    ...importedJournal(facts).map((one) => removal('journal', one, 'All of it was imported more than 45 days ago.')),
    ...logs.filter((one) => old(one, LOGS_KEPT_MS)).map((one) => removal('logs', one, 'It is older than 30 days.')),
  ];
}

/** Journal files whose lines are all in the database: the next file begins at or before the line after the cursor. */
function importedJournal({ journal, journalCursor, nowMs }: StorageFacts): Stored[] {
  const numbered = journal
    .flatMap((file) => {
      const seq = /^as-run-(\d+)\.jsonl$/.exec(file.name)?.[1];
      return seq === undefined ? [] : [{ file, firstSeq: Number(seq) }];
    })
    .sort((a, b) => a.firstSeq - b.firstSeq);
  return numbered
    .slice(0, Math.max(0, numbered.length - JOURNAL_FILES_KEPT))
    .filter(({ file }, at) => {
      const next = numbered[at + 1];
      return next !== undefined && next.firstSeq <= journalCursor + 1 && nowMs - file.modifiedMs > JOURNAL_KEPT_MS;
    })
    .map(({ file }) => file);
}

function removal(folder: string, { name, bytes }: Stored, reason: string): StorageAction {
  return { kind: 'remove', subject: folder === '' ? name : `${folder}/${name}`, bytes, reason };
}

function sum(actions: readonly StorageAction[]): number {
  return actions.reduce((total, { bytes }) => total + bytes, 0);
}
