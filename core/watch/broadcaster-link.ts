import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BROADCASTER_PROTOCOL_VERSION,
  type BroadcasterCommand,
  type BroadcasterRunFile,
  broadcasterMessageSchema,
  broadcasterRunFileSchema,
} from '../contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { StudioError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { ControlLink, type LinkProtocol } from '../platform/control-link.ts';

const PROTOCOL: LinkProtocol<BroadcasterStatus> = {
  name: 'broadcaster',
  version: BROADCASTER_PROTOCOL_VERSION,
  parse: (raw) => broadcasterMessageSchema.parse(raw),
};
/** Over a local socket it answers within milliseconds. */
const ANSWER_MS = 1_000;

/** The watchdog's own way to the broadcaster: it goes on when the host is busy or gone. */
export class BroadcasterLink {
  readonly #runFile: string;
  readonly #clock: Clock;
  readonly #onStatus: (status: BroadcasterStatus) => void;
  #open: { link: ControlLink<BroadcasterStatus>; run: BroadcasterRunFile } | null = null;
  #status: BroadcasterStatus | null = null;
  #changedAtMs: number;

  constructor(runFolder: string, clock: Clock, onStatus: (status: BroadcasterStatus) => void) {
    this.#runFile = join(runFolder, 'broadcaster.json');
    this.#clock = clock;
    this.#onStatus = onStatus;
    this.#changedAtMs = clock.monotonicMs();
  }

  /** The process that the run file names; null when there is no run file. It may hang, so it is not asked. */
  async runFilePid(): Promise<number | null> {
    return this.#readRunFile().then(
      ({ pid }) => pid,
      () => null,
    );
  }

  /** Since the broadcaster's own time stamp last changed, ms. */
  get unchangedMs(): number {
    return this.#clock.monotonicMs() - this.#changedAtMs;
  }

  /** Its status now, over a connection that is made when there is none. Rejects when it does not answer in time. */
  async status(): Promise<BroadcasterStatus> {
    const { link } = await this.#connected();
    return link.request({ name: 'status' }, ANSWER_MS);
  }

  /** Rejects with the broadcaster's own error, or when it does not answer. */
  async command(command: BroadcasterCommand): Promise<void> {
    const { link } = await this.#connected();
    await link.request(command);
  }

  close(): void {
    this.#open?.link.close();
    this.#open = null;
  }

  async #connected(): Promise<{ link: ControlLink<BroadcasterStatus>; run: BroadcasterRunFile }> {
    const run = await this.#readRunFile();
    if (this.#open?.run.pid === run.pid) return this.#open;
    this.close();
    const { link } = await ControlLink.open(run, PROTOCOL, { onStatus: (status) => this.#take(status) }, ANSWER_MS);
    const open = { link, run };
    this.#open = open;
    void link.closed.then(() => {
      if (this.#open === open) this.#open = null;
    });
    return open;
  }

  async #readRunFile(): Promise<BroadcasterRunFile> {
    try {
      return broadcasterRunFileSchema.parse(JSON.parse(await readFile(this.#runFile, 'utf8')));
    } catch (cause) {
      throw new StudioError('BROADCASTER_UNREACHABLE', 'there is no usable run file of a broadcaster', { cause });
    }
  }

  #take(status: BroadcasterStatus): void {
    if (status.atMs !== this.#status?.atMs) this.#changedAtMs = this.#clock.monotonicMs();
    this.#status = status;
    this.#onStatus(status);
  }
}
