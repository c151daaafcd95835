import { StudioError } from '../contract/errors.ts';
import { refuseNewer, STUDIO_MIGRATIONS, schemaVersion } from './migrations/migrate.ts';
import { openForReading } from './open-database.ts';
import { incidentReads } from './read/incident-reads.ts';
import { libraryReads } from './read/library-reads.ts';
import { planReads } from './read/plan-reads.ts';
import { queueReads } from './read/queue-reads.ts';
import { recordReads } from './read/record-reads.ts';
import { storageReads } from './read/storage-reads.ts';
import type { StudioReader } from './studio-reader.ts';

/**
 * Opens a read model on a connection of its own.
 *
 * @throws StudioError `DATABASE_BROKEN` (missing or unreadable), `DATABASE_NEWER`, or `CONFLICT` while the writer has not migrated it yet.
 */
export function openStudioReader(path: string): StudioReader {
  const db = openForReading(path);
  try {
    refuseNewer(db, STUDIO_MIGRATIONS);
    const version = schemaVersion(db);
    if (version < STUDIO_MIGRATIONS.length)
      throw new StudioError('CONFLICT', `the studio database is not migrated yet (version ${version})`);
    return {
      dataVersion: () => Number(db.pragma('data_version', { simple: true })),
      quickCheck: () => {
        const verdict = String(db.pragma('quick_check(1)', { simple: true }));
        return verdict === 'ok' ? null : verdict;
      },
      ...libraryReads(db),
      ...planReads(db),
      ...queueReads(db),
      ...recordReads(db),
      ...incidentReads(db),
      ...storageReads(db),
      [Symbol.dispose]: () => {
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
