import type { Database } from 'better-sqlite3';
import type { z } from 'zod';
import type { Topic } from '../../contract/daemon-messages.ts';

/** What a command may touch: the connections of the writer thread, and a note of which topics it changed. */
export interface CommandContext {
  readonly studio: Database;
  readonly metrics: Database;
  /** Call it only when a row really changed: every call wakes other processes. */
  touch(...topics: Topic[]): void;
}

export interface Command<R> {
  /** Which database's transaction it runs in. */
  readonly database: 'studio' | 'metrics';
  /** Checks the arguments (throws a ZodError) and returns what is to run inside the transaction: SQL and nothing else. */
  prepare(args: unknown): (context: CommandContext) => R;
}

/** Binds a command's schema to the function that runs it. */
export function command<S extends z.ZodType, R>(
  schema: S,
  run: (context: CommandContext, args: z.output<S>) => R,
  database: 'studio' | 'metrics' = 'studio',
): Command<R> {
  return {
    database,
    prepare(args) {
      const parsed = schema.parse(args);
      return (context) => run(context, parsed);
    },
  };
}
