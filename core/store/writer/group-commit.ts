import type { Database } from 'better-sqlite3';
import type { Topic } from '../../contract/daemon-messages.ts';
import { StudioError } from '../../contract/errors.ts';
import type { StoreOutcome, StoreRequest } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import type { CommandContext } from './command.ts';
import { failure, isDiskFull, isFatal } from './command-error.ts';
import { findCommand } from './command-table.ts';

export interface GroupResult {
  /** One per request, in order. */
  outcomes: StoreOutcome[];
  topics: Topic[];
}

export interface GroupCommitOptions {
  studio: Database;
  metrics: Database;
  /** Makes room when the disk is full; true when it did, then the group is tried once more. */
  onDiskFull(): boolean;
}

const statements = perDatabase((db) => ({
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  rollback: db.prepare('ROLLBACK'),
  savepoint: db.prepare('SAVEPOINT command'),
  release: db.prepare('RELEASE command'),
  rollbackTo: db.prepare('ROLLBACK TO command'),
}));

interface Step {
  index: number;
  database: 'studio' | 'metrics';
  run: (context: CommandContext) => unknown;
}

/**
 * Runs the commands that arrived together in one transaction per database. A command that fails is rolled back alone; when
 * the database itself fails (disk full, I/O, corruption, commit), every command of the group is told so and nothing stays.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  run(requests: readonly StoreRequest[]): GroupResult {
    const outcomes = new Array<StoreOutcome>(requests.length);
    const steps: Record<'studio' | 'metrics', Step[]> = { studio: [], metrics: [] };
    for (const [index, request] of requests.entries()) {
      try {
        const step = prepare(request, index);
        steps[step.database].push(step);
      } catch (error) {
        outcomes[index] = failure(error);
      }
    }
    const topics = new Set<Topic>();
    this.#commitOrFail(this.#options.studio, steps.studio, outcomes, topics);
    this.#commitOrFail(this.#options.metrics, steps.metrics, outcomes, topics);
    return { outcomes, topics: [...topics] };
  }

  #commitOrFail(db: Database, steps: readonly Step[], outcomes: StoreOutcome[], topics: Set<Topic>): void {
    if (steps.length === 0) return;
    try {
      this.#commit(db, steps, outcomes, topics);
    } catch (error) {
      const failed =
        isDiskFull(error) && this.#options.onDiskFull() ? this.#tryAgain(db, steps, outcomes, topics) : error;
      if (failed === null) return;
      const outcome = failure(failed);
      for (const step of steps) outcomes[step.index] = outcome;
    }
  }

  /** Null when it worked this time. */
  #tryAgain(db: Database, steps: readonly Step[], outcomes: StoreOutcome[], topics: Set<Topic>): unknown {
    try {
      this.#commit(db, steps, outcomes, topics);
      return null;
    } catch (error) {
      return error;
    }
  }

  #commit(db: Database, steps: readonly Step[], outcomes: StoreOutcome[], topics: Set<Topic>): void {
    const touched = new Set<Topic>();
    const { begin, commit, rollback } = statements(db);
    begin.run();
    try {
      for (const step of steps) outcomes[step.index] = this.#runStep(db, step, touched);
      commit.run();
    } catch (error) {
      if (db.inTransaction) rollback.run();
      throw error;
    }
    for (const topic of touched) topics.add(topic);
  }

  #runStep(db: Database, step: Step, touched: Set<Topic>): StoreOutcome {
    const topics: Topic[] = [];
    const context: CommandContext = {
      studio: this.#options.studio,
      metrics: this.#options.metrics,
      touch: (...changed) => topics.push(...changed),
    };
    const { savepoint, release, rollbackTo } = statements(db);
    savepoint.run();
    try {
      const value = step.run(context);
      release.run();
      for (const topic of topics) touched.add(topic);
      return { ok: true, value };
    } catch (error) {
      // Some faults make SQLite roll back the whole transaction by itself (sqlite.org/lang_transaction.html).
      if (isFatal(error) || !db.inTransaction) throw error;
      rollbackTo.run();
      release.run();
      return failure(error);
    }
  }
}

function prepare(request: StoreRequest, index: number): Step {
  const found = findCommand(request.name);
  if (found === undefined) throw new StudioError('BAD_ARGUMENT', `there is no store command ${request.name}`);
  return { index, database: found.database, run: found.prepare(request.args) };
}
