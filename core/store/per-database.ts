import type { Database } from 'better-sqlite3';

/** Prepared statements of one module, compiled once per connection and freed with it. */
export function perDatabase<T>(prepare: (db: Database) => T): (db: Database) => T {
  const known = new WeakMap<Database, T>();
  return (db) => {
    const cached = known.get(db);
    if (cached !== undefined) return cached;
    const prepared = prepare(db);
    known.set(db, prepared);
    return prepared;
  };
}
