import { spawn } from 'node:child_process';

/** How to signal; injected so that each platform's branch can be tested anywhere. */
export interface KillSeam {
  readonly platform: NodeJS.Platform;
  /** Throws like `process.kill`. A negative pid means a process group. */
  kill(pid: number, signal: NodeJS.Signals): void;
  run(command: string, args: readonly string[]): void;
}

const thisMachine: KillSeam = {
  platform: process.platform,
  kill: (pid, signal) => {
    process.kill(pid, signal);
  },
  run: (command, args) => {
    spawn(command, [...args], { stdio: 'ignore', windowsHide: true }).on('error', () => undefined);
  },
};

/**
 * Ends a process and what it started. POSIX: the signal goes to the process group when `pid` leads one (spawned with
 * `detached: true`), else to the process alone. Windows has neither groups nor SIGTERM: `taskkill /T /F` ends the tree.
 * A process that is already gone is no error; answers whether something was there to signal (always true on Windows).
 */
export function killTree(pid: number, signal: 'SIGTERM' | 'SIGKILL', seam: KillSeam = thisMachine): boolean {
  if (!Number.isInteger(pid) || pid <= 1) throw new RangeError(`not a pid that may be signalled: ${pid}`);
  if (seam.platform === 'win32') {
    seam.run('taskkill', ['/PID', String(pid), '/T', '/F']);
    return true;
  }
  return attempt(seam, -pid, signal) || attempt(seam, pid, signal);
}

/**
 * Ends what is left of a process group after its leader is gone; never signals a process that merely got the leader's
 * old pid. Nothing to do on Windows, where the tools' own lifelines end them.
 */
export function killGroup(leaderPid: number, seam: KillSeam = thisMachine): boolean {
  if (!Number.isInteger(leaderPid) || leaderPid <= 1) throw new RangeError(`not a group leader: ${leaderPid}`);
  return seam.platform !== 'win32' && attempt(seam, -leaderPid, 'SIGKILL');
}

function attempt(seam: KillSeam, pid: number, signal: NodeJS.Signals): boolean {
  try {
    seam.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
