import SqliteDatabase from 'better-sqlite3';
import { describeError } from '../../contract/errors.ts';

export interface DatabaseFacts {
  /** What `PRAGMA integrity_check` or the reading found; null when the database is sound. */
  readonly problem: string | null;
  readonly schemaVersion: number | null;
  readonly rows: Record<string, number>;
}

/**
 * Reads every page of a database file that nobody else uses, checks it (`PRAGMA integrity_check`) and counts
 * its rows. Takes about a second for 100 MB, so it belongs into a worker. Never throws: what goes wrong is the finding.
 */
export function inspectDatabase(path: string): DatabaseFacts {
  const rows: Record<string, number> = {};
  let schemaVersion: number | null = null;
  try {
    using db = opened(path);
    schemaVersion = Number(db.database.pragma('user_version', { simple: true }));
    const verdict = db.database.pragma('integrity_check(1)', { simple: true });
    if (verdict !== 'ok') return { problem: String(verdict), schemaVersion, rows };
    const tables = db.database
      .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all();
    for (const { name } of tables) {
      const counted = db.database.prepare<[], { count: number }>(`SELECT count(*) AS count FROM "${name}"`).get();
      rows[name] = counted?.count ?? 0;
    }
    return { problem: tables.length === 0 ? 'it holds no tables' : null, schemaVersion, rows };
  } catch (error) {
    return { problem: describeError(error), schemaVersion, rows };
  }
}

function opened(path: string): Disposable & { database: SqliteDatabase.Database } {
  const database = new SqliteDatabase(path, { fileMustExist: true });
  return { database, [Symbol.dispose]: () => void database.close() };
}
