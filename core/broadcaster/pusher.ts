import { type Destination, type DestinationStatus, maskUrl } from '../contract/destination.ts';
import { commandText, maskOutput } from '../media/command-text.ts';
import { type LifelineChild, spawnWithLifeline } from '../media/lifeline.ts';
import { StderrTail } from '../media/stderr-tail.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { GopCache } from './gop-cache.ts';
import { handOver } from './hand-over.ts';
import type { OutputChunk } from './output-chunk.ts';
import { pusherArgs } from './pusher-args.ts';
import { pusherError } from './pusher-error.ts';
import { PusherProgress, type PusherReport } from './pusher-progress.ts';
import { nextRetry, PROVEN_AFTER_MS } from './retry-policy.ts';
import type { Sink } from './sink.ts';

/** What ffmpeg may leave unread: some ten seconds at 3 Mb/s. Beyond, it hangs. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
/** From its start to the first media at the destination. */
const CONNECT_DEADLINE_MS = 12_000;
/** Without progress it is shown as stalled, and then replaced. */
const STALLED_AFTER_MS = 3_000;
const REPLACED_AFTER_MS = 8_000;
/** How long an ffmpeg may take to end by itself. */
const FAREWELL_MS = 1_000;
/** FLV time stamps are 32 bits of milliseconds and ffmpeg's muxer starts over at 2^31 ms = 24.8 days. */
const RECYCLED_AFTER_MS = 10 * 24 * 3600 * 1000;

export interface PusherOptions {
  readonly destination: Destination;
  readonly ffmpeg: string;
  readonly cache: GopCache;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly onChange: () => void;
}

type State = DestinationStatus['state'];

/**
 * Carries the channel to one destination through an ffmpeg of its own, and replaces that ffmpeg whenever it dies, hangs
 * or falls behind. Nothing that happens here reaches the air or another destination: writing never waits, and what
 * cannot be written is dropped with the process it was meant for.
 */
export class Pusher implements Sink {
  readonly #options: PusherOptions;
  readonly #log: Logger;
  #state: State = 'connecting';
  #sinceMs: number;
  #child: LifelineChild | null = null;
  #startedMs = 0;
  #liveSinceMs: number | null = null;
  #report: PusherReport | null = null;
  #progressMs = 0;
  #bitrateKbps: number | null = null;
  #failures = 0;
  #starts = 0;
  #droppedGops = 0;
  #retry: NodeJS.Timeout | null = null;
  #retryAtMs: number | null = null;
  #lastError: string | null = null;
  #ended = false;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#log = options.log.child({ destination: options.destination.id, name: options.destination.name });
    this.#sinceMs = options.clock.wallMs();
    this.#start();
  }

  get destination(): Destination {
    return this.#options.destination;
  }

  /** Process id of the ffmpeg of the moment. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  write(chunk: OutputChunk): boolean {
    const stdin = this.#child?.stdin;
    if (!stdin) {
      if (chunk.keyOffset >= 0) this.#droppedGops++;
      return false;
    }
    const held = handOver(stdin, chunk.bytes);
    if (stdin.writableLength > MAX_BACKLOG_BYTES) this.#replace(`it left ${stdin.writableLength} bytes unread`);
    return held;
  }

  /** Looks whether the pusher still makes progress. Called about once a second. */
  check(): void {
    if (!this.#child) return;
    const nowMs = this.#options.clock.monotonicMs();
    const silentMs = nowMs - this.#progressMs;
    if (this.#liveSinceMs === null) {
      if (nowMs - this.#startedMs > CONNECT_DEADLINE_MS) this.#replace('no media accepted before the connect deadline');
    } else if (silentMs > REPLACED_AFTER_MS) this.#replace(`no progress for ${Math.round(silentMs)} ms`);
    else if (silentMs > STALLED_AFTER_MS) this.#enter('stalled');
    else if (nowMs - this.#startedMs > RECYCLED_AFTER_MS) {
      this.#failures = 0;
      this.#replace('recycled before its clock starts over');
    }
  }

  /** Connects again at once, whatever the state. */
  reconnect(): void {
    this.#failures = 0;
    if (this.#child) this.#replace('reconnect was asked for');
    else this.#start();
  }

  /** Ends for good: ffmpeg gets the time to take its leave of the server, then it is killed. */
  async end(): Promise<void> {
    this.#ended = true;
    if (this.#retry) clearTimeout(this.#retry);
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.killGroup(), FAREWELL_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.stdin?.end();
    });
  }

  status(): DestinationStatus {
    const { id, name, url, builtIn } = this.#options.destination;
    return {
      id,
      name,
      maskedUrl: maskUrl(url),
      builtIn,
      state: this.#state,
      sinceMs: this.#sinceMs,
      bitrateKbps: this.#state === 'live' ? this.#bitrateKbps : null,
      reconnects: Math.max(0, this.#starts - 1),
      droppedGops: this.#droppedGops,
      retryAtMs: this.#retryAtMs,
      lastError: this.#lastError,
    };
  }

  #start(): void {
    if (this.#ended) return;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    this.#retryAtMs = null;
    const { ffmpeg, destination, cache, clock } = this.#options;
    const args = pusherArgs(destination.url);
    this.#log.info({ command: commandText(ffmpeg, args), failures: this.#failures }, 'pusher starts');
    const child = spawnWithLifeline(ffmpeg, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#starts++;
    this.#startedMs = clock.monotonicMs();
    this.#progressMs = this.#startedMs;
    this.#liveSinceMs = null;
    this.#report = null;
    this.#bitrateKbps = null;
    this.#enter('connecting');

    const stderr = new StderrTail();
    const progress = new PusherProgress();
    child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes));
    child.stdout?.on('data', (bytes: Buffer) => {
      const report = progress.push(bytes.toString('latin1'));
      if (report && child === this.#child) this.#take(report);
    });
    // Writing to a process that has died fails before its end is reported: the end is what counts.
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => this.#lost(child, error.message));
    child.once('exit', (code, signal) => {
      const said = maskOutput(pusherError(stderr.text), args);
      // Killed while its destination took the media: no fault of the destination, so nothing to back off from.
      if (signal !== null && this.#liveSinceMs !== null && child === this.#child) this.#failures = 0;
      this.#lost(child, said || `ffmpeg ended with ${signal ?? `exit code ${code}`}`);
    });
    const cached = cache.snapshot();
    if (cached.length > 0) child.stdin?.write(cached);
  }

  #take(report: PusherReport): void {
    const nowMs = this.#options.clock.monotonicMs();
    const before = this.#report;
    const moved = (report.outMicroseconds ?? 0) > (before?.outMicroseconds ?? 0);
    if (!moved) return;
    if (before?.bytes != null && report.bytes !== null && nowMs > this.#progressMs)
      this.#bitrateKbps = Math.max(0, Math.round(((report.bytes - before.bytes) * 8) / (nowMs - this.#progressMs)));
    this.#report = report;
    this.#progressMs = nowMs;
    this.#liveSinceMs ??= nowMs;
    if (nowMs - this.#liveSinceMs > PROVEN_AFTER_MS) this.#failures = 0;
    this.#enter('live');
  }

  #replace(reason: string): void {
    const child = this.#child;
    if (!child) return;
    child.killGroup();
    this.#lost(child, reason);
  }

  /** The process is gone or given up: the next one starts at once, or after a back-off when it keeps failing. */
  #lost(child: LifelineChild, reason: string): void {
    if (child !== this.#child || this.#ended) return;
    const { clock, random } = this.#options;
    this.#child = null;
    this.#lastError = reason;
    const provenMs = this.#liveSinceMs === null ? 0 : clock.monotonicMs() - this.#liveSinceMs;
    this.#failures = provenMs > PROVEN_AFTER_MS ? 1 : this.#failures + 1;
    const { delayMs, circuitOpen } = nextRetry(this.#failures, random);
    this.#log.warn({ reason, failures: this.#failures, delayMs }, 'pusher lost');
    if (delayMs === 0) {
      this.#start();
      return;
    }
    this.#retryAtMs = clock.wallMs() + delayMs;
    this.#enter(circuitOpen ? 'circuit_open' : 'backing_off');
    this.#retry = setTimeout(() => this.#start(), delayMs);
  }

  #enter(state: State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#sinceMs = this.#options.clock.wallMs();
    this.#options.onChange();
  }
}
