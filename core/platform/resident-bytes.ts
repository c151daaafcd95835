import { readFile } from 'node:fs/promises';

/**
 * Resident memory of another process, bytes, from `/proc/PID/status` (proc(5)). Null where the system has no such file
 * or the process is gone.
 */
export async function residentBytes(pid: number | null): Promise<number | null> {
  if (pid === null) return null;
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}
