import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { originRunFileSchema } from '../contract/origin-protocol.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import type { AirHistory } from './air-history.ts';
import { checkBlack, checkFrozen } from './checks/picture.ts';
import { checkReturn } from './checks/return.ts';
import { checkSound } from './checks/sound.ts';
import { checkStream } from './checks/stream.ts';
import { type Defect, explanation } from './explained.ts';
import type { Finding, Measure } from './finding.ts';
import { type ReturnSample, sampleReturn } from './return-sample.ts';
import { excused, off, unknown, type Verdict } from './verdict.ts';

export interface ReturnWatchParts {
  readonly runFolder: string;
  readonly reader: StudioReader;
  readonly history: AirHistory;
  readonly sampleSeconds: number;
  readonly ffmpeg: () => Promise<string>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** From the broadcaster's clock to the reader: pusher, origin and the GOPs that it keeps for those who join, ms. */
const LONGEST_WAY_MS = 6_000;
/** Time beyond the length of the sample for connecting and judging; a loaded machine needs some. */
const DEADLINE_BEYOND_MS = 8_000;

/** Reads the return of the embedded origin and judges what a viewer sees and hears there. */
export class ReturnWatch {
  readonly #parts: ReturnWatchParts;
  #last: { asRunId: string; thumb: Buffer } | null = null;

  constructor(parts: ReturnWatchParts) {
    this.#parts = parts;
  }

  /** `status` is null while the channel is off air or its broadcaster does not answer. */
  async look(status: BroadcasterStatus | null, fps: number): Promise<Finding[]> {
    const origin = status?.destinations.find(({ builtIn, state }) => builtIn && state !== 'disabled');
    if (!status || !origin)
      return this.#findings(null, off('There is no return to look at.'), off('Nothing to judge.'));
    if (origin.state !== 'live')
      return this.#findings(
        status,
        excused('The origin is not fed.'),
        excused('There is no sample: the origin is not fed.'),
      );
    const { sampleSeconds, clock, logger, signal, ffmpeg } = this.#parts;
    const options = {
      seconds: sampleSeconds,
      fps,
      deadlineMs: sampleSeconds * 1000 + DEADLINE_BEYOND_MS,
      logger,
      signal,
    };
    try {
      const url = await this.#playUrl();
      const sample = await sampleReturn({ ...options, ffmpeg: await ffmpeg(), url, nowMs: () => clock.wallMs() });
      return this.#judged(status, sample, fps);
    } catch (error) {
      return this.#findings(status, checkReturn({ state: 'failed', error }), unknown('No sample could be taken.'));
    }
  }

  #judged(status: BroadcasterStatus, sample: ReturnSample, fps: number): Finding[] {
    const { sampleSeconds, history } = this.#parts;
    const { shape, thumbs, peakDb, tookMs } = sample;
    const aired = history.between(sample.atMs - LONGEST_WAY_MS, sample.atMs + tookMs);
    const why = (defect: Defect): string | null =>
      aired === null
        ? 'it is not known for long enough what was on air'
        : explanation(defect, aired, (id) => this.#parts.reader.asset(id)?.qa ?? null);
    const asRunId = status.program?.asRunId ?? '';
    const before = this.#last?.asRunId === asRunId ? this.#last.thumb : null;
    const newest = thumbs.at(-1);
    this.#last = newest ? { asRunId, thumb: newest } : null;
    const seen = { state: 'read', videoFrames: shape.videoFrames, seconds: sampleSeconds, tookMs, fps } as const;
    const house = aired?.some(({ kind }) => kind !== 'asset') === true;
    const programme = (defect: Defect, verdict: Verdict): Finding =>
      this.#programFinding(status, defect, house ? excused('A house piece was on air.') : verdict);
    const black = checkBlack(thumbs, why('black'));
    // A black picture does not move: that is one fault, not two.
    const stillBecause = black.state === 'healthy' ? why('frozen') : 'it is black';
    return [
      this.#returnFinding(status, checkReturn(seen)),
      this.#streamFinding(status, checkStream(shape, status.counters)),
      programme('black', black),
      programme('frozen', checkFrozen(thumbs, before, stillBecause)),
      programme('silent', checkSound(peakDb, why('silent'))),
    ];
  }

  /** All five with the same verdict on the picture: nothing was seen of it. */
  #findings(status: BroadcasterStatus | null, back: Verdict, rest: Verdict): Finding[] {
    return [
      this.#returnFinding(status, back),
      this.#streamFinding(status, rest),
      this.#programFinding(status, 'black', rest),
      this.#programFinding(status, 'frozen', rest),
      this.#programFinding(status, 'silent', rest),
    ];
  }

  #returnFinding(status: BroadcasterStatus | null, verdict: Verdict): Finding {
    return {
      id: 'return',
      verdict,
      incident: { code: 'return_lost', subject: 'origin', severity: 'critical' },
      ladder: [...reconnectOrigin(status), { action: 'restart_broadcaster' }],
    };
  }

  #streamFinding(status: BroadcasterStatus | null, verdict: Verdict): Finding {
    return {
      id: 'stream',
      verdict,
      incident: { code: 'stream_irregular', subject: 'origin', severity: 'warning' },
      ladder: reconnectOrigin(status),
    };
  }

  #programFinding(status: BroadcasterStatus | null, defect: Defect, verdict: Verdict): Finding {
    const assetId = status?.program?.assetId ?? null;
    const title = status?.program?.title;
    const message = title && verdict.state === 'unhealthy' ? `“${title}”: ${verdict.message}` : verdict.message;
    return {
      id: `program_${defect}`,
      verdict: { ...verdict, message },
      incident: { code: `program_${defect}`, subject: assetId ?? 'program', severity: 'critical' },
      ladder: [{ action: 'emergency_on', assetId }],
    };
  }

  /** Of the run file, since the origin may have been replaced since the last look. Rejects when there is none. */
  async #playUrl(): Promise<string> {
    const text = await readFile(join(this.#parts.runFolder, 'origin.json'), 'utf8');
    return originRunFileSchema.parse(JSON.parse(text)).playUrl;
  }
}

function reconnectOrigin(status: BroadcasterStatus | null): Measure[] {
  const origin = status?.destinations.find(({ builtIn }) => builtIn);
  return origin ? [{ action: 'reconnect', destinationId: origin.id }] : [];
}
