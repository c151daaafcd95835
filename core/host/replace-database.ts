import { rm } from 'node:fs/promises';
import type { RestoreReport } from '../contract/backup.ts';
import { StudioError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { timeStamp } from '../store/backup/backup-name.ts';
import { runBackupTask } from '../store/backup/backup-tasks.ts';
import type { CarriedOver, StagedRestore } from '../store/backup/stage-restore.ts';
import { swapBack, swapDatabase } from '../store/backup/swap-database.ts';
import { JournalReader } from './journal-reader.ts';

export interface ReplaceOptions {
  readonly paths: DataPaths;
  readonly staged: StagedRestore;
  readonly carried: Omit<CarriedOver, 'journal'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One replacement of the database by a staged backup, in steps that the two ways to restore share. */
export class DatabaseReplacement {
  readonly #options: ReplaceOptions;
  readonly #aside: string;
  #swapped = false;
  #preRestore: string | null = null;
  #journalEntries = 0;

  constructor(options: ReplaceOptions) {
    this.#options = options;
    this.#aside = `${options.paths.studioDb}.broken-${timeStamp(options.clock.wallMs())}`;
  }

  /** Backs up what is there; a database too damaged for that is kept as a file instead. */
  async saveWhatIsThere(): Promise<void> {
    const { paths, clock, log } = this.#options;
    const { studioDb: database, backups: folder } = paths;
    try {
      const args = { database, folder, source: 'studio', kind: 'pre_restore', nowMs: clock.wallMs() } as const;
      this.#preRestore = await runBackupTask('create', args);
    } catch (error) {
      if (!(error instanceof StudioError) || error.code === 'DISK_FULL') throw error;
      log.warn({ reason: error.message }, 'the present database cannot be backed up; its file is kept');
    }
  }

  /** Nobody writes the database now: brings in what aired since the backup, and puts the staged one in its place. */
  async replace(): Promise<void> {
    const { paths, staged, carried, log } = this.#options;
    const journal = await new JournalReader(paths.journal, log).read(staged.journalCursor);
    this.#journalEntries = journal.length;
    await runBackupTask('carryOver', { path: staged.path, carried: { ...carried, journal } });
    swapDatabase(staged.path, paths.studioDb, this.#aside);
    this.#swapped = true;
  }

  /** The old database is there again. */
  takeBack(): void {
    if (this.#swapped) swapBack(this.#options.paths.studioDb, this.#aside);
    this.#swapped = false;
  }

  /** The new database is in use: what was before is kept only when there is no backup of it. */
  async finish(hadDatabase: boolean): Promise<RestoreReport> {
    const kept = hadDatabase && this.#preRestore === null;
    if (!kept) for (const suffix of ['', '-wal', '-shm']) await rm(this.#aside + suffix, { force: true });
    return {
      dryRun: false,
      restored: this.#options.staged.report,
      preRestore: this.#preRestore,
      brokenKeptAs: kept ? this.#aside : null,
      journalEntries: this.#journalEntries,
    };
  }
}
