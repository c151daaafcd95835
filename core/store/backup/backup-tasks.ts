import { Worker } from 'node:worker_threads';
import type { BackupReport } from '../../contract/backup.ts';
import { StudioError } from '../../contract/errors.ts';
import type { StoreOutcome } from '../../contract/store-commands.ts';
import type { CreateBackupOptions } from './create-backup.ts';
import type { CarriedOver, StagedRestore } from './stage-restore.ts';

/** Work on whole databases, which would hold up an event loop: each task runs in a thread of its own. */
export interface BackupTasks {
  create: { args: CreateBackupOptions; result: string };
  verify: { args: { path: string; workFolder: string }; result: BackupReport };
  newestGood: { args: { folder: string; workFolder: string }; result: BackupReport | null };
  rotate: { args: { folder: string; workFolder: string; nowMs: number }; result: string[] };
  stage: { args: { backup: string; root: string; channelId: string }; result: StagedRestore };
  carryOver: { args: { path: string; carried: CarriedOver }; result: null };
}
export type BackupTaskName = keyof BackupTasks;
export type BackupTask = { [N in BackupTaskName]: { name: N; args: BackupTasks[N]['args'] } }[BackupTaskName];

export type BackupTaskAnswer = { ok: true; value: unknown } | Extract<StoreOutcome, { ok: false }>;

/** Runs one task in a worker thread. Rejects with the task's `StudioError`. */
export async function runBackupTask<N extends BackupTaskName>(
  name: N,
  args: BackupTasks[N]['args'],
): Promise<BackupTasks[N]['result']> {
  const worker = new Worker(new URL('./backup-thread.ts', import.meta.url), {
    workerData: { name, args },
    name: `backup-${name}`,
  });
  const answer = await new Promise<BackupTaskAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new StudioError('INTERNAL', `the backup thread ended during ${name}`)));
  });
  if (!answer.ok) throw new StudioError(answer.code, answer.message, { detail: answer.detail });
  // The thread is our own program and answers with the result of this very task.
  return answer.value as BackupTasks[N]['result'];
}
