import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import type { Readable } from 'node:stream';
import { TsDemuxer } from '../core/media/mpegts/demuxer.ts';
import { elementaryBytes } from '../core/media/mpegts/elementary.ts';
import type { MediaUnit } from '../core/media/mpegts/media-unit.ts';
import { testTools } from './house-clip.ts';
import { waitUntil } from './wait-until.ts';

const IDR = 5;
const FINGERPRINT_BYTES = 256;

/** One frame as it arrived. */
export interface SeenFrame {
  readonly kind: 'video' | 'audio';
  readonly pts: number;
  readonly key: boolean;
  /** `performance.now()` at its arrival. */
  readonly atMs: number;
  /** Identifies a keyframe's picture; empty for other frames. */
  readonly fingerprint: string;
}

/**
 * The start of the IDR slice of a keyframe: the same bytes in the asset, on the air and at an RTMP subscriber, so it tells
 * what is on air without decoding.
 */
function keyframeFingerprint(unit: MediaUnit): string {
  const bytes = Buffer.from(elementaryBytes(unit.packets));
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0; at = bytes.indexOf('000001', at + 3, 'hex'))
    if (((bytes[at + 3] ?? 0) & 0x1f) === IDR)
      return bytes.subarray(at + 3, at + 3 + FINGERPRINT_BYTES).toString('hex');
  return '';
}

/** Fingerprints of all keyframes of a stream, in order. */
export function keyframesOf(stream: Buffer): string[] {
  const demuxer = new TsDemuxer();
  return [...demuxer.push(stream), ...demuxer.flush()].flatMap((event) =>
    event.type === 'unit' && event.kind === 'video' && event.key ? [keyframeFingerprint(event)] : [],
  );
}

/** Receives a transport stream and notes every frame with its time of arrival. */
export class StreamWatcher implements AsyncDisposable {
  readonly frames: SeenFrame[] = [];
  readonly #end: () => Promise<void>;
  #demuxer = new TsDemuxer();
  #rest: Buffer = Buffer.alloc(0);
  #listeners = new Set<(frame: SeenFrame) => void>();
  /** Damage that the stream had, once it had any. */
  damage: string | null = null;
  ended = false;

  private constructor(input: Readable, end: () => Promise<void>, raw = false) {
    this.#end = end;
    input.on('data', (chunk: Buffer) => (raw ? this.#takeRaw(chunk) : this.#take(chunk)));
    input.on('end', () => {
      this.ended = true;
    });
    input.on('error', () => {
      this.ended = true;
    });
  }

  /** Subscribes to an RTMP stream through ffmpeg, without buffering. */
  static rtmp(url: string): Promise<StreamWatcher> {
    const mux = ['-f', 'mpegts', '-pes_payload_size', '0', '-muxdelay', '0', '-muxpreload', '0'];
    return StreamWatcher.#subscribe(url, ['-map', '0:v', '-map', '0:a', '-c', 'copy', ...mux], false);
  }

  /**
   * Subscribes to the keyframes alone, as bare H.264. A new publisher starts its time stamps anew, and a muxer with time
   * stamps would hold its media back until they have caught up with those of the one before.
   */
  static rtmpKeyframes(url: string): Promise<StreamWatcher> {
    return StreamWatcher.#subscribe(url, ['-map', '0:v', '-c', 'copy', '-f', 'h264'], true);
  }

  static async #subscribe(url: string, output: readonly string[], raw: boolean): Promise<StreamWatcher> {
    const { ffmpeg } = await testTools();
    const args = [
      ...['-hide_banner', '-loglevel', raw ? 'fatal' : 'error', '-fflags', 'nobuffer', '-probesize', '1000000'],
      ...['-analyzeduration', '400000', '-fpsprobesize', '0', '-i', url, ...output, '-flush_packets', '1', 'pipe:1'],
    ];
    const child: ChildProcess = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('no output');
    const end = async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    };
    return new StreamWatcher(child.stdout, end, raw);
  }

  /** Receives the channel's own stream over HTTP. */
  static async http(url: string): Promise<StreamWatcher> {
    const request = get(url);
    const [response] = (await once(request, 'response')) as [Readable & { statusCode?: number }];
    if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`);
    return new StreamWatcher(response, async () => {
      request.destroy();
    });
  }

  get video(): SeenFrame[] {
    return this.frames.filter((frame) => frame.kind === 'video');
  }

  /** Resolves with the next frame that arrives from now on and is wanted. */
  async next(what: string, wanted: (frame: SeenFrame) => boolean, deadlineMs = 10_000): Promise<SeenFrame> {
    const found: { frame: SeenFrame | null } = { frame: null };
    const listener = (frame: SeenFrame): void => {
      if (!found.frame && wanted(frame)) found.frame = frame;
    };
    this.#listeners.add(listener);
    try {
      await waitUntil(what, () => found.frame !== null, deadlineMs);
    } finally {
      this.#listeners.delete(listener);
    }
    if (!found.frame) throw new Error(what);
    return found.frame;
  }

  /** Steps between the time stamps of one kind that are not `ticks`; the tolerance is for RTMP's milliseconds. */
  wrongSteps(kind: 'video' | 'audio', ticks: number, tolerance = 0): number[] {
    const stamps = this.frames.filter((frame) => frame.kind === kind).map((frame) => frame.pts);
    return stamps
      .slice(1)
      .map((pts, index) => pts - (stamps[index] ?? 0))
      .filter((step) => Math.abs(step - ticks) > tolerance);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  #take(chunk: Buffer): void {
    const atMs = performance.now();
    for (const event of this.#demuxer.push(chunk)) {
      if (event.type === 'damage') this.damage = `${event.kind}: ${event.detail}`;
      else {
        const key = event.kind === 'video' && event.key;
        const frame = {
          kind: event.kind,
          pts: event.pts,
          key,
          atMs,
          fingerprint: key ? keyframeFingerprint(event) : '',
        };
        this.#note(frame);
      }
    }
  }

  #takeRaw(chunk: Buffer): void {
    const atMs = performance.now();
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let at = this.#nextIdr(); at >= 0 && at + 3 + FINGERPRINT_BYTES <= this.#rest.length; at = this.#nextIdr()) {
      const fingerprint = this.#rest.subarray(at + 3, at + 3 + FINGERPRINT_BYTES).toString('hex');
      this.#rest = this.#rest.subarray(at + 3 + FINGERPRINT_BYTES);
      this.#note({ kind: 'video', pts: 0, key: true, atMs, fingerprint });
    }
    if (this.#nextIdr() < 0) this.#rest = this.#rest.subarray(Math.max(0, this.#rest.length - 4));
  }

  #nextIdr(): number {
    return this.#rest.indexOf('00000165', 0, 'hex');
  }

  #note(frame: SeenFrame): void {
    this.frames.push(frame);
    for (const listener of this.#listeners) listener(frame);
  }
}
