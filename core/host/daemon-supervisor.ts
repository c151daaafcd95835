import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  type DaemonToHost,
  daemonToHostSchema,
  type HostToDaemon,
  type LoopReport,
} from '../contract/daemon-messages.ts';
import type { Clock } from '../platform/clock.ts';
import { killGroup, killTree } from '../platform/kill-tree.ts';
import type { Logger } from '../platform/logger.ts';
import { backOffMs } from './back-off.ts';
import { MOST_FAILURES, nextSupervision, type SupervisionEvent, type SupervisionState } from './supervision-state.ts';

export interface DaemonSupervisorOptions {
  readonly name: string;
  readonly start: () => ChildProcess;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** Store commands, progress and the like; `ready` and `health` are dealt with here. */
  readonly onMessage: (message: DaemonToHost, reply: (answer: HostToDaemon) => void) => void;
  /** One line of the child's stderr. */
  readonly onLogLine: (line: string) => void;
  readonly onGivenUp: (message: string) => void;
  readonly stableMs?: number;
  readonly stopGraceMs?: number;
  readonly firstBackOffMs?: number;
}

export interface DaemonReport {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'running' | 'starting' | 'backing_off' | 'given_up' | 'stopped';
  readonly restarts: number;
  readonly upMs: number | null;
  readonly loop: LoopReport | null;
}

const LONGEST_BACK_OFF_MS = 30_000;

/** Keeps one forked daemon alive: see {@link SupervisionState} for its life. */
export class DaemonSupervisor {
  readonly #options: DaemonSupervisorOptions;
  #state: SupervisionState = { name: 'stopped' };
  #child: ChildProcess | null = null;
  #startedAtMs = 0;
  #restarts = 0;
  #loop: LoopReport | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stopped = Promise.withResolvers<void>();

  constructor(options: DaemonSupervisorOptions) {
    this.#options = options;
    this.#stopped.resolve();
  }

  get name(): string {
    return this.#options.name;
  }

  start(): void {
    this.#on('start');
  }

  /** Stops by message, waits, then kills the process group. Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#on('stop');
    await this.#stopped.promise;
  }

  send(message: HostToDaemon): void {
    const child = this.#child;
    if (!child?.connected) return;
    child.send(message, (error) => {
      if (error) this.#options.log.debug({ daemon: this.name, error: error.message }, 'message not delivered');
    });
  }

  report(): DaemonReport {
    const state = this.#state.name;
    const alive = this.#child !== null;
    return {
      name: this.name,
      pid: this.#child?.pid ?? null,
      state: state === 'stopping' ? 'running' : state,
      restarts: this.#restarts,
      upMs: alive ? this.#options.clock.monotonicMs() - this.#startedAtMs : null,
      loop: alive ? this.#loop : null,
    };
  }

  #on(event: SupervisionEvent): void {
    const before = this.#state;
    this.#state = nextSupervision(before, event);
    if (this.#state === before) return;
    const { log } = this.#options;
    if (this.#state.name !== before.name) clearTimeout(this.#timer);
    switch (this.#state.name) {
      case 'starting':
        if (before.name === 'stopped') this.#stopped = Promise.withResolvers();
        else this.#restarts += 1;
        this.#spawn();
        break;
      case 'running':
        if (event === 'ready') this.#after(this.#options.stableMs ?? 60_000, 'stable');
        break;
      case 'backing_off': {
        const limits = { firstMs: this.#options.firstBackOffMs ?? 250, longestMs: LONGEST_BACK_OFF_MS };
        const delayMs = backOffMs(this.#state.failures, this.#options.random, limits);
        log.warn({ daemon: this.name, failures: this.#state.failures, delayMs }, 'daemon died; starting it again');
        this.#after(delayMs, 'retry');
        break;
      }
      case 'given_up':
        log.error({ daemon: this.name }, 'daemon given up');
        this.#options.onGivenUp(
          `The ${this.name} crashed ${MOST_FAILURES} times in a row and is no longer restarted. The channel stays on air; restart the host after mending the cause in the log.`,
        );
        break;
      case 'stopping':
        this.send({ type: 'stop' });
        this.#timer = setTimeout(() => this.#kill(), this.#options.stopGraceMs ?? 9_000);
        break;
      case 'stopped':
        this.#stopped.resolve();
        break;
    }
  }

  #after(delayMs: number, event: SupervisionEvent): void {
    this.#timer = setTimeout(() => this.#on(event), delayMs);
    this.#timer.unref();
  }

  #kill(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    this.#options.log.warn({ daemon: this.name, daemonPid: pid }, 'daemon did not stop when asked; killed');
    killTree(pid, 'SIGKILL');
  }

  #spawn(): void {
    this.#startedAtMs = this.#options.clock.monotonicMs();
    this.#loop = null;
    const child = this.#options.start();
    this.#child = child;
    const reply = (answer: HostToDaemon): void => {
      if (this.#child === child) this.send(answer);
    };
    child.on('message', (raw) => {
      const parsed = daemonToHostSchema.safeParse(raw);
      if (!parsed.success) {
        this.#options.log.error({ daemon: this.name, error: parsed.error.message }, 'message not understood');
      } else if (parsed.data.type === 'ready') this.#on('ready');
      else if (parsed.data.type === 'health') this.#loop = parsed.data.report;
      else this.#options.onMessage(parsed.data, reply);
    });
    if (child.stderr) createInterface({ input: child.stderr }).on('line', this.#options.onLogLine);
    let gone = false;
    const exited = (detail: Record<string, unknown>): void => {
      if (gone) return;
      gone = true;
      if (this.#child === child) this.#child = null;
      this.#options.log.info({ daemon: this.name, daemonPid: child.pid, ...detail }, 'daemon exited');
      // What it started (tools in its process group) must not outlive it.
      if (child.pid !== undefined) killGroup(child.pid);
      this.#on('exit');
    };
    child.once('error', (error) => exited({ error: error.message }));
    child.once('exit', (code, signal) => exited({ code, signal }));
  }
}
