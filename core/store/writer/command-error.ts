import SqliteDatabase from 'better-sqlite3';
import { z } from 'zod';
import { describeError, type ErrorCode, StudioError } from '../../contract/errors.ts';
import type { StoreOutcome } from '../../contract/store-commands.ts';

/** Result codes after which nothing in the transaction can be trusted: the whole group is rolled back (sqlite.org/rescode.html). */
const FATAL = /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|NOMEM|READONLY|CANTOPEN|PROTOCOL|BUSY|LOCKED)/;

/** True when the fault is of the database as a whole and not of one command. */
export function isFatal(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && FATAL.test(error.code);
}

export function isDiskFull(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_FULL';
}

/** What the caller of a failed command is told. */
export function failure(error: unknown): Extract<StoreOutcome, { ok: false }> {
  if (error instanceof StudioError)
    return { ok: false, code: error.code, message: error.message, detail: { ...error.detail } };
  if (error instanceof z.ZodError)
    return { ok: false, code: 'BAD_ARGUMENT', message: z.prettifyError(error), detail: {} };
  const sqlite = error instanceof SqliteDatabase.SqliteError ? error.code : null;
  return { ok: false, code: codeOf(sqlite), message: describeError(error), detail: sqlite === null ? {} : { sqlite } };
}

function codeOf(sqlite: string | null): ErrorCode {
  if (sqlite === 'SQLITE_FULL') return 'DISK_FULL';
  if (sqlite === 'SQLITE_CONSTRAINT_FOREIGNKEY') return 'NOT_FOUND';
  if (sqlite?.startsWith('SQLITE_CONSTRAINT')) return 'CONFLICT';
  if (sqlite !== null && /^SQLITE_(CORRUPT|NOTADB)/.test(sqlite)) return 'DATABASE_BROKEN';
  return 'INTERNAL';
}
