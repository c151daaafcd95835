import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../contract/errors.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { makePrivateFolder } from '../platform/private-file.ts';
import { readHostRunFile } from './host-run-file.ts';

/**
 * Makes this process the one host of a data folder, until it is disposed or the process dies in whatever way.
 *
 * The lock is SQLite's exclusive lock on `<data>/run/host.lock`: the system itself releases it when its owner dies, so
 * there is no stale lock to guess about, and of several hosts that start together exactly one gets it, on every platform.
 * Throws `HOST_RUNNING` with the pid and the address of the owner.
 */
export async function acquireHostLock(paths: DataPaths): Promise<Disposable> {
  await makePrivateFolder(paths.run);
  const lock = new Database(join(paths.run, 'host.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    const owner = await readHostRunFile(paths);
    const who = owner ? `pid ${owner.pid}, ${owner.url ?? 'still starting'}` : 'still starting';
    throw new StudioError('HOST_RUNNING', `a host is already running for ${paths.root} (${who})`, {
      detail: { dataDir: paths.root, pid: owner?.pid ?? null, url: owner?.url ?? null },
    });
  }
  return { [Symbol.dispose]: () => void lock.close() };
}
