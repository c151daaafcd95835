import { type ChildProcess, type IOType, spawn } from 'node:child_process';
import type { Stream, Writable } from 'node:stream';
import { killTree } from '../platform/kill-tree.ts';

type Stdio = IOType | Stream | number;

/**
 * POSIX wrapper, run in a process group of its own. A watcher in that group waits for the end of the lifeline (fd 3),
 * which comes when we close it or die in any way, kill -9 included, and then kills the whole group. The tool takes the
 * place of the shell, so that its pid is the one we know, and does not inherit the lifeline. ffmpeg's own way (quit when
 * stdin ends) is no help: it reads stdin only now and then, not with `-nostdin`, and not when it hangs.
 */
const WATCHED =
  '(exec 0</dev/null 1>/dev/null 2>/dev/null; read -r _ <&3; kill -9 -$$) & exec 3<&-; exec nice -n "$0" "$@"';

export interface LifelineOptions {
  /** 0 (normal) to 19 (yields to everybody). */
  nice?: number;
  /** What fd 0, 1 and 2 are connected to. */
  stdio: [Stdio, Stdio, Stdio];
}

export type LifelineChild = ChildProcess & { readonly killGroup: () => void };

/**
 * Starts a program that cannot outlive this process. `killGroup` ends it and everything it started with SIGKILL.
 * On Windows libuv puts children that are not detached into a job that the system ends with us, which does the same.
 * A program that cannot be started ends with exit code 126 or 127 (POSIX) or an `error` event (Windows).
 */
export function spawnWithLifeline(command: string, args: readonly string[], options: LifelineOptions): LifelineChild {
  if (process.platform === 'win32') {
    const child = spawn(command, args, { stdio: options.stdio, windowsHide: true });
    return Object.assign(child, { killGroup: () => endTree(child) });
  }
  const nice = String(options.nice ?? 0);
  const child = spawn('/bin/sh', ['-c', WATCHED, nice, command, ...args], {
    stdio: [...options.stdio, 'pipe'],
    detached: true,
  });
  const lifeline = child.stdio[3] as Writable | null | undefined;
  // The watcher may be gone first (the group was killed): a broken pipe is no news then.
  lifeline?.on('error', () => undefined);
  child.once('exit', () => lifeline?.destroy());
  return Object.assign(child, { killGroup: () => endTree(child) });
}

function endTree(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killTree(child.pid, 'SIGKILL');
}
