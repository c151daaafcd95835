import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const QUESTION_DEADLINE_MS = 5_000;

/** How to ask the system; injected so that each platform's branch can be tested anywhere. */
export interface ProcessQuestions {
  readonly platform: NodeJS.Platform;
  readText(path: string): Promise<string>;
  /** Standard output of a program. */
  output(command: string, args: readonly string[]): Promise<string>;
}

const thisMachine: ProcessQuestions = {
  platform: process.platform,
  readText: (path) => readFile(path, 'utf8'),
  output: async (command, args) => (await run(command, [...args], { timeout: QUESTION_DEADLINE_MS })).stdout,
};

/** True while a process with this pid exists, even when it belongs to somebody else. A zombie counts as alive. */
export function isPidAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * A text that differs between two processes that had the same pid one after the other: the system's start time of the
 * process. Null when there is no such process (or it is a zombie). Linux: field 22 of `/proc/PID/stat` (proc(5));
 * macOS: `ps -o lstart`; Windows: `Process.StartTime`.
 */
export async function processIdentity(pid: number, ask: ProcessQuestions = thisMachine): Promise<string | null> {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    if (ask.platform === 'linux') return parseProcStat(await ask.readText(`/proc/${pid}/stat`));
    if (ask.platform === 'win32') {
      const script = `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().Ticks`;
      return (await ask.output('powershell.exe', ['-NoProfile', '-Command', script])).trim() || null;
    }
    const text = (await ask.output('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])).trim();
    return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '');
  } catch {
    // Both "no such file" and a failing ps/Get-Process mean the same: there is no such process.
    return null;
  }
}

/** Start time in clock ticks since boot; the command name (field 2) may itself hold spaces and parentheses. */
function parseProcStat(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? null : (fields[19] ?? null);
}
