import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { testTools } from '../house-clip.ts';

interface Frame {
  /** FLV time stamp, ms. */
  readonly dtsMs: number;
  /** When it came out of the subscriber, ms of `performance.now()`. */
  readonly atMs: number;
}

/** A player's view of the RTMP server: every video frame that arrives, with its time stamp and its time of arrival. */
export class RtmpSubscriber implements AsyncDisposable {
  readonly frames: Frame[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #waiting: { count: number; resolve: () => void }[] = [];
  ended = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = new Promise((resolve) => child.once('close', resolve));
    child.once('close', () => {
      this.ended = true;
    });
    if (!child.stdout) throw new Error('no stdout');
    createInterface({ input: child.stdout }).on('line', (line) => this.#line(line));
  }

  static async open(url: string): Promise<RtmpSubscriber> {
    const { ffmpeg } = await testTools();
    const input = ['-fflags', 'nobuffer', '-probesize', '32768', '-analyzeduration', '0', '-i', url];
    const output = ['-map', '0:v:0', '-c', 'copy', '-copyts', '-f', 'framecrc', '-flush_packets', '1', 'pipe:1'];
    const child = spawn(ffmpeg, ['-hide_banner', '-loglevel', 'error', ...input, ...output], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new RtmpSubscriber(child);
  }

  /** Resolves when so many more frames have arrived. */
  async more(count: number, deadlineMs = 15_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`only ${this.frames.length} frames arrived within ${deadlineMs} ms`)),
      deadlineMs,
    );
    this.#waiting.push({ count: this.frames.length + count, resolve });
    await promise.finally(() => clearTimeout(timer));
  }

  /** Steps of the time stamps that are not one frame (33 or 34 ms at 30 fps). */
  irregularSteps(fps = 30): number[] {
    const steps = this.frames.slice(1).map((frame, index) => frame.dtsMs - (this.frames[index]?.dtsMs ?? 0));
    return steps.filter((step) => Math.abs(step - 1000 / fps) > 1);
  }

  /** Time by which all steps together are longer than one frame each, ms; 0 when no time stamp is missing. */
  gapMs(fps = 30): number {
    return this.irregularSteps(fps).reduce((sum, step) => sum + Math.max(0, step - 1000 / fps), 0);
  }

  /** Longest wait for a frame, from the frame with this number on, ms. */
  longestSilenceMs(from = 0): number {
    const frames = this.frames.slice(from);
    return Math.max(0, ...frames.slice(1).map((frame, index) => frame.atMs - (frames[index]?.atMs ?? 0)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** `0, dts, pts, duration, size, crc` after the header lines; the time base of FLV is 1 ms. */
  #line(line: string): void {
    const match = /^0,\s*(-?\d+),/.exec(line);
    if (!match) return;
    this.frames.push({ dtsMs: Number(match[1]), atMs: performance.now() });
    for (const waiting of this.#waiting) if (this.frames.length >= waiting.count) waiting.resolve();
    this.#waiting = this.#waiting.filter(({ count }) => this.frames.length < count);
  }
}
