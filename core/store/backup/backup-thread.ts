import { parentPort, workerData } from 'node:worker_threads';
import { dataPaths } from '../../platform/data-paths.ts';
import { failure } from '../writer/command-error.ts';
import { newestGoodBackup, rotateBackups } from './backup-folder.ts';
import type { BackupTask, BackupTaskAnswer } from './backup-tasks.ts';
import { createBackup } from './create-backup.ts';
import { carryOver, stageRestore } from './stage-restore.ts';
import { verifyBackup } from './verify-backup.ts';

const task: BackupTask = workerData;
parentPort?.postMessage(await answer(task));

async function answer(asked: BackupTask): Promise<BackupTaskAnswer> {
  try {
    return { ok: true, value: await perform(asked) };
  } catch (error) {
    return failure(error);
  }
}

async function perform({ name, args }: BackupTask): Promise<unknown> {
  switch (name) {
    case 'create':
      return createBackup(args);
    case 'verify':
      return verifyBackup(args.path, args.workFolder);
    case 'newestGood':
      return newestGoodBackup(args.folder, args.workFolder);
    case 'rotate':
      return rotateBackups(args.folder, args.workFolder, args.nowMs);
    case 'stage':
      return stageRestore(args.backup, dataPaths(args.root), args.channelId);
    case 'carryOver':
      return carryOver(args.path, args.carried);
  }
}
