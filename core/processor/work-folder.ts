import { join } from 'node:path';
import type { DataPaths } from '../platform/data-paths.ts';
import { jobFolderName } from '../store/storage/job-folder-name.ts';

/** Folder of one job alone. What crashed jobs leave there is removed by the storage rules. */
export function jobWorkFolder(paths: DataPaths, jobId: string): string {
  return join(paths.work, jobFolderName(jobId));
}
