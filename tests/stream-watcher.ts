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
  #listeners = new Set<(frame: SeenFrame) => void>();
  /** Damage that the stream had, once it had any. */
  damage: string | null = null;
  ended = false;

  private constructor(input: Readable, end: () => Promise<void>) {
    this.#end = end;
    input.on('data', (chunk: Buffer) => this.#take(chunk));
    input.on('end', () => {
      this.ended = true;
    });
    input.on('error', () => {
      this.ended = true;
    });
  }

  /** Subscribes to an RTMP stream through ffmpeg, without buffering. */
  static async rtmp(url: string): Promise<StreamWatcher> {
    const { ffmpeg } = await testTools();
    const args = [
      ...[
        '-hide_banner',
        '-loglevel',
        'error',
        '-fflags',
        'nobuffer',
        '-probesize',
        '1000000',
        '-analyzeduration',
        '400000',
      ],
      ...['-fpsprobesize', '0', '-i', url, '-map', '0:v', '-map', '0:a', '-c', 'copy', '-f', 'mpegts'],
      ...['-pes_payload_size', '0', '-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1', 'pipe:1'],
    ];
    const child: ChildProcess = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('no output');
    return new StreamWatcher(child.stdout, async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    });
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
        this.frames.push(frame);
        for (const listener of this.#listeners) listener(frame);
      }
    }
  }
}
