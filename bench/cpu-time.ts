import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports process times in USER_HZ, which is 100 on every platform (`man 5 proc`, `sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  parent: number;
  /** Own user and system time, seconds. */
  own: number;
  /** Time of children that ended and were waited for, seconds. */
  reaped: number;
}

/**
 * CPU seconds (user + system) of a process and of everything it started so far, from `/proc/<pid>/stat`; null when the
 * process is gone or the system is not Linux. Take it before and after, while the root process lives, and subtract.
 */
export function treeCpuSeconds(rootPid: number): number | null {
  const all = readProcesses();
  if (!all.has(rootPid)) return null;
  let total = 0;
  const open = [rootPid];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const times = all.get(pid);
    total += (times?.own ?? 0) + (times?.reaped ?? 0);
    for (const [child, childTimes] of all) if (childTimes.parent === pid) open.push(child);
  }
  return total;
}

/** CPU seconds of one process without its children; null when it is gone or the system is not Linux. */
export function processCpuSeconds(pid: number): number | null {
  return readProcess(pid)?.own ?? null;
}

/** Resident memory of one process, bytes; null when it is gone or the system is not Linux. */
export function processRssBytes(pid: number): number | null {
  const status = readProcFile(`/proc/${pid}/status`);
  const match = status === null ? null : /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return match === null ? null : Number(match[1]) * 1024;
}

function readProcesses(): Map<number, ProcessTimes> {
  const all = new Map<number, ProcessTimes>();
  if (process.platform !== 'linux') return all;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const times = Number.isInteger(pid) ? readProcess(pid) : null;
    if (times !== null) all.set(pid, times);
  }
  return all;
}

function readProcess(pid: number): ProcessTimes | null {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command name is in parentheses and may hold anything, so fields are counted from the last one (field 3 is the state).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    parent: field(4),
    own: (field(14) + field(15)) / TICKS_PER_SECOND,
    reaped: (field(16) + field(17)) / TICKS_PER_SECOND,
  };
}

/** A process may end between the listing and the read: that is an answer, not a fault. */
function readProcFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
