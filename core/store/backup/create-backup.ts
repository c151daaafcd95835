import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BackupKind } from '../../contract/backup.ts';
import { StudioError } from '../../contract/errors.ts';
import { publishFile } from '../../platform/atomic-file.ts';
import { openForReading } from '../open-database.ts';
import { type BackupName, backupName } from './backup-name.ts';
import { inspectDatabase } from './inspect-database.ts';
import { unpackBackup } from './unpack-backup.ts';

export interface CreateBackupOptions {
  readonly database: string;
  readonly folder: string;
  readonly source: BackupName['source'];
  readonly kind: BackupKind;
  readonly nowMs: number;
}

/** Pages copied in one step (4 KiB each): about a millisecond, after which others have their turn. */
const STEP_PAGES = 256;
const GZIP_LEVEL = 6;

/**
 * Makes a backup while the database is in use and answers its name. The copy is taken step by step from one snapshot of
 * a reading connection (WAL), so it neither blocks the writer nor begins again when that writes. The packed file is
 * unpacked and checked as a whole before it gets its name: what is listed was once proved good.
 *
 * @throws StudioError `DATABASE_BROKEN` when the database itself is damaged; nothing is left behind.
 */
export async function createBackup(options: CreateBackupOptions): Promise<string> {
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  const name = freeName(options);
  const copy = join(folder, `${name}.${process.pid}.copy.tmp`);
  const packed = join(folder, `${name}.${process.pid}.tmp`);
  try {
    await copyDatabase(options.database, copy);
    await pipeline(createReadStream(copy), createGzip({ level: GZIP_LEVEL }), createWriteStream(packed));
    await rm(copy);
    await unpackBackup(packed, copy);
    const { problem } = inspectDatabase(copy);
    if (problem !== null)
      throw new StudioError('DATABASE_BROKEN', `${options.database} is damaged: ${problem}`, {
        detail: { path: options.database },
      });
    await publishFile(packed, join(folder, name));
    return name;
  } finally {
    for (const path of [copy, `${copy}-wal`, `${copy}-shm`, packed]) await rm(path, { force: true });
  }
}

/** Two in one second do not replace each other: the later one is dated a second on. */
function freeName({ folder, source, kind, nowMs }: CreateBackupOptions): string {
  for (let atMs = nowMs; ; atMs += 1000) {
    const name = backupName({ source, kind, atMs });
    if (!existsSync(join(folder, name))) return name;
  }
}

async function copyDatabase(database: string, copy: string): Promise<void> {
  const db = openForReading(database);
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    await db.backup(copy, { progress: () => STEP_PAGES });
  } finally {
    db.close();
  }
}
