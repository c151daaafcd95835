import { type ChildProcess, fork } from 'node:child_process';
import { DAEMON_ARGUMENTS } from '../contract/daemon-messages.ts';

export interface DaemonPlace {
  /** Absolute path of `core/<daemon>/main.ts`. */
  readonly modulePath: string;
  readonly dataDir: string;
  readonly channelId: string;
}

export const daemonArguments = (place: DaemonPlace): string[] => [
  DAEMON_ARGUMENTS.data,
  place.dataDir,
  DAEMON_ARGUMENTS.channel,
  place.channelId,
];

/** A small young generation: a daemon that idles for months keeps the memory it had after its start. */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=1'];

/**
 * Environment in which this very binary runs a script as plain Node, under Electron too. glibc gives every thread an arena
 * of its own, which in a process that lives for months only keeps freed memory apart: one or two are enough
 * (mallopt(3), M_ARENA_MAX; measured: 15 MB less in the broadcaster). Other systems ignore the variable.
 */
function daemonEnvironment(): NodeJS.ProcessEnv {
  const environment = { MALLOC_ARENA_MAX: '2', ...process.env };
  return process.versions['electron'] ? { ...environment, ELECTRON_RUN_AS_NODE: '1' } : environment;
}

/**
 * The same for the processes that carry the channel. glibc learns from the first large block that is freed to keep all
 * later ones; with its first limits (128 KiB) a GOP that has aired goes back to the system (M_MMAP_THRESHOLD,
 * M_TRIM_THRESHOLD; measured: 7 MB less in the broadcaster, no more CPU time). Not for those that start encoders, which
 * inherit it: they free and allocate whole pictures.
 */
export function detachedEnvironment(): NodeJS.ProcessEnv {
  return { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072', ...daemonEnvironment() };
}

/**
 * The one starter of forked daemons, the same for the desktop and the headless host. The child leads its own process
 * group (POSIX), so that Ctrl-C in the terminal reaches the host alone, which then stops its daemons in order, and so
 * that the tools it started can be ended with it.
 */
export function forkDaemon(place: DaemonPlace): ChildProcess {
  return fork(place.modulePath, daemonArguments(place), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: process.platform !== 'win32',
    env: daemonEnvironment(),
    execArgv: [...NODE_FLAGS],
  });
}
