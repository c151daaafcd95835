import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BROADCASTER_PROTOCOL_VERSION,
  type BroadcasterCommand,
  type BroadcasterRunFile,
  broadcasterMessageSchema,
  broadcasterRunFileSchema,
} from '../core/contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../core/contract/broadcaster-status.ts';
import { type JournalEntry, journalEntrySchema } from '../core/contract/journal.ts';
import { ControlLink } from '../core/platform/control-link.ts';
import type { DataPaths } from '../core/platform/data-paths.ts';
import { waitUntil } from './wait-until.ts';

const MAIN = fileURLToPath(new URL('../core/broadcaster/main.ts', import.meta.url));

/** A broadcaster process with a control connection, as the host has it. */
export class BroadcasterProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #paths: DataPaths;
  #link: ControlLink<BroadcasterStatus> | null = null;
  #run: BroadcasterRunFile | null = null;
  #status: BroadcasterStatus | null = null;

  private constructor(child: ChildProcess, paths: DataPaths) {
    this.child = child;
    this.#paths = paths;
  }

  /** Starts it detached, as the host does. Its log goes to `broadcaster.log` in the data folder. */
  static spawn(paths: DataPaths, args: readonly string[] = []): BroadcasterProcess {
    const log = openSync(join(paths.root, 'broadcaster.log'), 'a');
    const child = spawn(process.execPath, [MAIN, '--data', paths.root, '--channel', 'main', ...args], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return new BroadcasterProcess(child, paths);
  }

  static async start(paths: DataPaths, args: readonly string[] = []): Promise<BroadcasterProcess> {
    const broadcaster = BroadcasterProcess.spawn(paths, args);
    await broadcaster.attach();
    return broadcaster;
  }

  /** Waits for its run file and says hello. */
  async attach(): Promise<void> {
    let lastError: unknown;
    try {
      await waitUntil('the broadcaster answers', async () => {
        if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}`);
        try {
          const text = await readFile(join(this.#paths.run, 'broadcaster.json'), 'utf8');
          const run = broadcasterRunFileSchema.parse(JSON.parse(text));
          if (run.pid !== this.child.pid) return false;
          await this.connect(run);
          return true;
        } catch (error) {
          lastError = error;
          return false;
        }
      });
    } catch (cause) {
      throw new Error(`${String(cause)}; ${String(lastError)}\n${this.log()}`, { cause });
    }
  }

  async connect(run: BroadcasterRunFile): Promise<void> {
    const protocol = {
      name: 'broadcaster',
      version: BROADCASTER_PROTOCOL_VERSION,
      parse: (raw: unknown) => broadcasterMessageSchema.parse(raw),
    };
    const onStatus = (status: BroadcasterStatus): void => {
      this.#status = status;
    };
    const { link, status } = await ControlLink.open(run, protocol, { onStatus });
    this.#link = link;
    this.#run = run;
    this.#status = status;
  }

  get run(): BroadcasterRunFile {
    if (!this.#run) throw new Error('not attached');
    return this.#run;
  }

  /** The newest status that it sent. */
  get status(): BroadcasterStatus {
    if (!this.#status) throw new Error('not attached');
    return this.#status;
  }

  async command(command: Exclude<BroadcasterCommand, { name: 'hello' }>): Promise<BroadcasterStatus> {
    if (!this.#link) throw new Error('not attached');
    return this.#link.request(command);
  }

  async statusWhere(what: string, holds: (status: BroadcasterStatus) => boolean, deadlineMs = 15_000): Promise<void> {
    await waitUntil(what, () => holds(this.status), deadlineMs).catch((cause: unknown) => {
      throw new Error(`${String(cause)}\n${JSON.stringify(this.status)}\n${this.log()}`, { cause });
    });
  }

  programUrl(): string {
    return `http://127.0.0.1:${this.run.fanoutPort}/program.ts?token=${this.run.token}`;
  }

  log(): string {
    return readFileSync(join(this.#paths.root, 'broadcaster.log'), 'utf8').split('\n').slice(-25).join('\n');
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.#link?.close();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill(signal);
      await exit;
    }
    return this.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
  }
}

/** The whole journal of a data folder, in order. */
export async function readJournal(paths: DataPaths): Promise<JournalEntry[]> {
  const names = (await readdir(paths.journal)).filter((name) => name.endsWith('.jsonl')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(paths.journal, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => journalEntrySchema.parse(JSON.parse(line)));
}
