import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { describeError, StudioError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { ControlLink, type LinkProtocol, type LinkTarget } from '../platform/control-link.ts';
import { killTree } from '../platform/kill-tree.ts';
import type { Logger } from '../platform/logger.ts';
import { writePrivateFile } from '../platform/private-file.ts';
import { processIdentity } from '../platform/process-identity.ts';
import { backOffMs } from './back-off.ts';
import { type DaemonPlace, daemonArguments, detachedEnvironment, NODE_FLAGS } from './daemon-fork.ts';
import { type DetachedEvent, type DetachedState, nextDetached } from './detached-state.ts';

export interface DetachedOptions<RunFile extends LinkTarget & { pid: number }, Status> {
  readonly place: DaemonPlace;
  readonly runFolder: string;
  readonly logFile: string;
  readonly protocol: LinkProtocol<Status>;
  readonly parseRunFile: (raw: unknown) => RunFile;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onAttached: (run: RunFile, status: Status) => void;
  readonly onStatus: (status: Status) => void;
  readonly onJournal?: () => void;
  /** The control socket closed; the process may be dead or mute. */
  readonly onLost: () => void;
  /** It died `count` times in a row, each soon after its start. */
  readonly onLooping: (count: number) => void;
  /** How long it may be silent before it is asked, and how long it may take to answer, ms. */
  readonly patienceMs?: number;
}

/** Both detached processes report at least every few seconds or answer when asked. */
const PATIENCE_MS = 4_000;
/** A dead process is seen as such within this time after its socket closed; longer means it is alive. */
const DYING_MS = 500;
const SPAWN_DEADLINE_MS = 20_000;
const STABLE_MS = 30_000;
const STOP_GRACE_MS = 6_000;
const POLL_MS = 15;
const BACK_OFF = { firstMs: 400, longestMs: 15_000 };

interface Found<Status> {
  readonly link: ControlLink<Status>;
  readonly pid: number;
  readonly identity: string | null;
}

const noteSchema = z.object({ pid: z.number().int(), identity: z.string() });

/** Starts, finds again, watches and stops one process that outlives the host. See {@link DetachedState} for its life. */
export class DetachedProcess<RunFile extends LinkTarget & { pid: number }, Status> {
  readonly #options: DetachedOptions<RunFile, Status>;
  readonly #name: string;
  #state: DetachedState = 'idle';
  #link: ControlLink<Status> | null = null;
  #run: RunFile | null = null;
  #pid: number | null = null;
  #attachedAtMs: number | null = null;
  #heardAtMs = 0;
  #restarts = 0;
  #abort = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: DetachedOptions<RunFile, Status>) {
    this.#options = options;
    this.#name = options.protocol.name;
  }

  get #patienceMs(): number {
    return this.#options.patienceMs ?? PATIENCE_MS;
  }

  get state(): DetachedState {
    return this.#state;
  }

  get runFile(): RunFile | null {
    return this.#run;
  }

  report(): { pid: number | null; state: DetachedState; restarts: number; upMs: number | null } {
    const since = this.#attachedAtMs;
    const upMs = since === null ? null : this.#options.clock.monotonicMs() - since;
    return { pid: this.#pid, state: this.#state, restarts: this.#restarts, upMs };
  }

  /** Wants it running: attaches to the running one or starts it, and keeps it so until {@link stop}. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#abort = new AbortController();
    this.#on('want');
    this.#loop = this.#keep(this.#abort.signal);
  }

  /** Lets go without stopping it: the host ends, the process goes on. */
  async release(): Promise<void> {
    this.#abort.abort();
    this.#link?.close();
    await this.#loop;
  }

  /** Throws `BROADCASTER_UNREACHABLE` while it is not attached. */
  async request(command: { name: string }): Promise<Status> {
    if (!this.#link) throw new StudioError('BROADCASTER_UNREACHABLE', `the ${this.#name} is not attached`);
    return this.#link.request(command);
  }

  /** Kills this very process, hung or not, so that another takes its place; false when it is not ours (any more). */
  async replace(pid: number): Promise<boolean> {
    if (this.#state === 'idle' || this.#state === 'stopping') return false;
    return (await this.#knownAlive()) === pid && killTree(pid, 'SIGKILL');
  }

  /** Stops it by message, waits, then kills it. Also ends one that a former host left behind. */
  async stop(): Promise<void> {
    const link = this.#link;
    const asked = link?.request({ name: 'stop' }).catch((error: unknown) => {
      this.#options.log.info({ process: this.#name, error: describeError(error) }, 'no answer to stop');
    });
    this.#on('unwant');
    this.#abort.abort();
    const pid = this.#pid ?? (await this.#knownAlive());
    if (pid !== null) {
      const identity = await processIdentity(pid);
      // One that does not listen yet is asked by signal.
      if (!link) killTree(pid, 'SIGTERM');
      if (!(await this.#gone(pid, identity, STOP_GRACE_MS))) {
        this.#options.log.warn({ process: this.#name, processPid: pid }, 'did not stop when asked; killed');
        killTree(pid, 'SIGKILL');
        await this.#gone(pid, identity, STOP_GRACE_MS);
      }
    }
    await asked;
    link?.close();
    await this.#loop;
    await rm(this.#runFilePath(), { force: true });
    this.#pid = null;
    this.#on('dead');
  }

  #on(event: DetachedEvent): void {
    const before = this.#state;
    this.#state = nextDetached(before, event);
    if (before !== this.#state)
      this.#options.log.debug({ process: this.#name, from: before, to: this.#state }, 'detached process');
  }

  async #keep(signal: AbortSignal): Promise<void> {
    let shortLives = 0;
    while (!signal.aborted) {
      const found = (await this.#attach(signal)) ?? (await this.#spawn(signal));
      if (signal.aborted) return found?.link.close();
      if (!found) this.#on('failed');
      else {
        const sinceMs = this.#options.clock.monotonicMs();
        this.#attachedAtMs = sinceMs;
        await this.#watch(found.link);
        this.#link = null;
        this.#attachedAtMs = null;
        if (signal.aborted) return;
        this.#on('lost');
        this.#options.onLost();
        await this.#gone(found.pid, found.identity, DYING_MS);
        if (signal.aborted) return;
        if (this.#options.clock.monotonicMs() - sinceMs > STABLE_MS) shortLives = 0;
      }
      this.#restarts += 1;
      shortLives += 1;
      // One death is mended at once; only a repeated one is worth waiting for.
      if (found && shortLives < 3) this.#on('dead');
      else {
        this.#on('looped');
        this.#options.onLooping(shortLives);
        await delay(backOffMs(shortLives, this.#options.random, BACK_OFF), null, { signal }).catch(() => undefined);
        this.#on('retry');
      }
    }
  }

  /** Connects to the one that runs already. */
  async #attach(signal: AbortSignal): Promise<Found<Status> | null> {
    const run = await this.#readRunFile();
    if (run && (await processIdentity(run.pid)) !== null) {
      try {
        return await this.#connect(run);
      } catch (error) {
        this.#options.log.warn(
          { process: this.#name, error: describeError(error) },
          'cannot attach to the running one',
        );
        const pid = await this.#knownAlive();
        if (pid === run.pid && !signal.aborted) {
          killTree(pid, 'SIGKILL');
          await this.#gone(pid, await processIdentity(pid), STOP_GRACE_MS);
        }
      }
    }
    this.#on('absent');
    return null;
  }

  async #connect(run: RunFile): Promise<Found<Status>> {
    const { onJournal, protocol, clock } = this.#options;
    const onStatus = (status: Status): void => {
      this.#heardAtMs = clock.monotonicMs();
      this.#options.onStatus(status);
    };
    const listener = onJournal ? { onStatus, onJournal } : { onStatus };
    const { link, status } = await ControlLink.open(run, protocol, listener, this.#patienceMs);
    this.#link = link;
    this.#run = run;
    this.#pid = run.pid;
    const identity = await this.#note(run.pid);
    this.#on('attached');
    this.#options.onAttached(run, status);
    return { link, pid: run.pid, identity };
  }

  /** Resolves when the connection ended; ends it itself when the process no longer answers. */
  async #watch(link: ControlLink<Status>): Promise<void> {
    let asking = false;
    const timer = setInterval(() => {
      if (asking || this.#options.clock.monotonicMs() - this.#heardAtMs < this.#patienceMs) return;
      asking = true;
      link
        .request({ name: 'status' }, this.#patienceMs)
        .catch((error: unknown) => {
          this.#options.log.warn({ process: this.#name, error: describeError(error) }, 'mute; connection given up');
          link.close();
        })
        .finally(() => {
          asking = false;
        });
    }, this.#patienceMs / 4);
    timer.unref();
    await link.closed;
    clearInterval(timer);
  }

  /** Starts a new one and waits until it answers. Null when it died first or the deadline passed. */
  async #spawn(signal: AbortSignal): Promise<Found<Status> | null> {
    if (signal.aborted) return null;
    mkdirSync(dirname(this.#options.logFile), { recursive: true });
    const logFile = openSync(this.#options.logFile, 'a');
    const { place, log } = this.#options;
    const child = spawn(process.execPath, [...NODE_FLAGS, place.modulePath, ...daemonArguments(place)], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', logFile, logFile],
      env: detachedEnvironment(),
    });
    closeSync(logFile);
    const exit = once(child, 'exit').then(
      ([code, cause]: unknown[]) => `exited with ${String(code ?? cause)}`,
      (error: unknown) => describeError(error),
    );
    child.unref();
    const pid = child.pid;
    if (pid === undefined) {
      log.error({ process: this.#name, error: await exit }, 'cannot be started');
      return null;
    }
    this.#pid = pid;
    log.info({ process: this.#name, processPid: pid }, 'started');
    let died: string | null = null;
    void exit.then((how) => {
      died = how;
      log.info({ process: this.#name, processPid: pid, how }, 'detached process ended');
    });
    await this.#note(pid);
    const deadlineMs = this.#options.clock.monotonicMs() + SPAWN_DEADLINE_MS;
    while (!signal.aborted && died === null && this.#options.clock.monotonicMs() < deadlineMs) {
      const run = await this.#readRunFile();
      if (run?.pid === pid) {
        try {
          return await this.#connect(run);
        } catch (error) {
          log.warn({ process: this.#name, error: describeError(error) }, 'started, but not answering yet');
        }
      }
      await delay(POLL_MS);
    }
    if (signal.aborted) return null;
    if (died === null) killTree(pid, 'SIGKILL');
    log.error({ process: this.#name, died, log: this.#options.logFile }, 'could not be started');
    return null;
  }

  /** Waits until the process that had this identity is no more. */
  async #gone(pid: number, identity: string | null, forMs: number): Promise<boolean> {
    if (identity === null) return true;
    const deadlineMs = this.#options.clock.monotonicMs() + forMs;
    for (;;) {
      if ((await processIdentity(pid)) !== identity) return true;
      if (this.#options.clock.monotonicMs() >= deadlineMs) return false;
      await delay(POLL_MS);
    }
  }

  #runFilePath(): string {
    return join(this.#options.runFolder, `${this.#name}.json`);
  }

  async #readRunFile(): Promise<RunFile | null> {
    try {
      return this.#options.parseRunFile(JSON.parse(await readFile(this.#runFilePath(), 'utf8')));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
        this.#options.log.warn({ process: this.#name, error: describeError(error) }, 'run file not usable');
      return null;
    }
  }

  /** Remembers which process is ours, so that a recycled pid is never killed. */
  async #note(pid: number): Promise<string | null> {
    const identity = await processIdentity(pid);
    if (identity !== null) await writePrivateFile(this.#notePath(), JSON.stringify({ pid, identity }));
    return identity;
  }

  #notePath(): string {
    return join(this.#options.runFolder, `${this.#name}.note.json`);
  }

  /** Pid of the process that a host noted and that still is the same one; else null. */
  async #knownAlive(): Promise<number | null> {
    try {
      const note = noteSchema.parse(JSON.parse(await readFile(this.#notePath(), 'utf8')));
      return (await processIdentity(note.pid)) === note.identity ? note.pid : null;
    } catch {
      // No note, or half a note: then nothing is known to be ours.
      return null;
    }
  }
}
