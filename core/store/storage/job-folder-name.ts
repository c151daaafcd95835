/** Name of the folder in `work/` that is one job's alone; job ids hold characters that not every file system takes. */
export function jobFolderName(jobId: string): string {
  return jobId.replaceAll(/[^\w.-]/g, '_');
}
