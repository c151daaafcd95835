import type { Backup, BackupReport, RestoreReport } from '../contract/backup.ts';
import { describeError, StudioError } from '../contract/errors.ts';
import type { IncidentCode } from '../contract/incident.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { findBackup, listBackups } from '../store/backup/backup-folder.ts';
import { runBackupTask } from '../store/backup/backup-tasks.ts';
import { removeStaged } from '../store/backup/stage-restore.ts';
import { isBackupDue } from './backup-due.ts';
import type { Incidents } from './incidents.ts';
import { DatabaseReplacement } from './replace-database.ts';
import { foresee } from './restore-offline.ts';
import type { StoreSwitch } from './store-switch.ts';

export interface BackupDeskOptions {
  readonly channelId: string;
  readonly stores: StoreSwitch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly incidents: Pick<Incidents, 'open' | 'resolve'>;
  /** Stops everything of the host that works with the database; the air is not part of it. */
  readonly pause: () => Promise<unknown>;
  /** The database is there again, another one or the old one. */
  readonly resume: () => void;
}

const LAST_AUTO = 'backup.lastAutoAtMs';
const FAILED: IncidentCode = 'backup_failed';
const DAMAGED: IncidentCode = 'database_damaged';

/** Backups and restores of the running studio, one at a time. */
export class BackupDesk {
  readonly #options: BackupDeskOptions;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: BackupDeskOptions) {
    this.#options = options;
  }

  list(): Promise<Backup[]> {
    return listBackups(this.#options.stores.paths.backups);
  }

  async verify(named: string): Promise<BackupReport> {
    const { backups, work } = this.#options.stores.paths;
    const path = await findBackup(backups, named);
    return runBackupTask('verify', { path, workFolder: work });
  }

  create(kind: 'manual' | 'auto'): Promise<Backup> {
    return this.#alone(() => this.#create(kind));
  }

  /**
   * Puts a backup in the place of the database while the channel may be on air: the broadcaster goes on from what it
   * knows, and what aired after the backup is taken from the journal.
   *
   * @throws StudioError `NOT_FOUND`, `DISK_FULL`, `DATABASE_BROKEN` (the backup is not good); everything is then as it was.
   */
  restore(named: string, dryRun: boolean): Promise<RestoreReport> {
    return this.#alone(() => this.#restore(named, dryRun));
  }

  /** Makes the nightly backup when it is due, and tidies the database with it. */
  async nightly(): Promise<void> {
    const { stores, clock, log, incidents } = this.#options;
    const nowMs = clock.wallMs();
    const stored = stores.reader.setting(LAST_AUTO);
    const lastAtMs = typeof stored === 'number' ? stored : null;
    if (!isBackupDue(lastAtMs, nowMs, new Date(nowMs).getHours())) return;
    // One that fails is not tried again every minute: the next one is due in a day, and a person is told.
    await stores.writer.run('setting.set', { key: LAST_AUTO, value: nowMs });
    try {
      const { name } = await this.create('auto');
      await stores.writer.maintain();
      log.info({ name }, 'nightly backup made, database tidied');
      for (const code of [FAILED, DAMAGED]) incidents.resolve(code, 'studio.sqlite');
    } catch (error) {
      const damaged = error instanceof StudioError && error.code === 'DATABASE_BROKEN';
      const advice = damaged ? ' Restore the newest good backup: vvtvctl backup restore latest.' : '';
      incidents.open(
        damaged ? DAMAGED : FAILED,
        'studio.sqlite',
        `The nightly backup could not be made: ${describeError(error)}.${advice}`,
      );
    }
  }

  /** Resolves when no backup or restore is under way. */
  async settled(): Promise<void> {
    await this.#working.catch(() => undefined);
  }

  async #create(kind: 'manual' | 'auto'): Promise<Backup> {
    const { stores, clock, log } = this.#options;
    const { studioDb: database, backups: folder, work: workFolder } = stores.paths;
    const nowMs = clock.wallMs();
    const name = await runBackupTask('create', { database, folder, source: 'studio', kind, nowMs });
    const removed = await runBackupTask('rotate', { folder, workFolder, nowMs });
    log.info({ name, removed }, 'backup made');
    const made = (await this.list()).find((backup) => backup.name === name);
    if (made === undefined) throw new StudioError('INTERNAL', `the backup ${name} was made and is gone`);
    return made;
  }

  async #restore(named: string, dryRun: boolean): Promise<RestoreReport> {
    const { stores, channelId, clock, log, pause, resume } = this.#options;
    const { paths, reader } = stores;
    const backup = await findBackup(paths.backups, named);
    const staged = await runBackupTask('stage', { backup, root: paths.root, channelId });
    try {
      if (dryRun) return await foresee({ paths, log }, staged.journalCursor, staged.report);
      const carried = {
        channelId,
        builtIn: reader.destinations(channelId).filter(({ builtIn }) => builtIn),
        onAirWanted: reader.channel(channelId)?.onAirWanted ?? null,
      };
      const replacement = new DatabaseReplacement({ paths, staged, carried, clock, log });
      try {
        await pause();
        await replacement.saveWhatIsThere();
        await stores.swap(
          () => replacement.replace(),
          () => replacement.takeBack(),
        );
      } finally {
        resume();
      }
      log.warn({ backup: staged.report.name }, 'the database was restored');
      return await replacement.finish(true);
    } finally {
      await removeStaged(staged.path);
    }
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#working.catch(() => undefined).then(work);
    this.#working = mine;
    mine.catch(() => undefined);
    return mine;
  }
}
