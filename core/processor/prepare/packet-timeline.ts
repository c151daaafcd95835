/** Where one stream of a `framecrc` listing ends, seconds. */
export interface PacketTimeline {
  packets: number;
  startSeconds: number | null;
  endSeconds: number | null;
}

interface StreamState {
  tick: number;
  packets: number;
  first: number;
  end: number;
  previous: number;
  step: number;
}

/**
 * Reads ffmpeg's `framecrc` listing line by line (`#tb 0: 1/90000`, then `stream, dts, pts, duration, size, crc`): one line
 * per packet, with the times the next run will see. Cheaper than a second demuxing run, and true where headers lie.
 */
export class PacketTimelineReader {
  readonly #streams = new Map<number, StreamState>();

  /** Returns the time reached by this packet, seconds; null for other lines. */
  take(line: string): number | null {
    const header = /^#tb (\d+): (\d+)\/(\d+)/.exec(line);
    if (header) {
      const tick = Number(header[2]) / Number(header[3]);
      this.#streams.set(Number(header[1]), { tick, packets: 0, first: 0, end: 0, previous: 0, step: 0 });
      return null;
    }
    const match = /^(\d+),\s*(\S+),\s*(\S+),\s*(\d+),/.exec(line);
    const stream = match ? this.#streams.get(Number(match[1])) : undefined;
    if (!match || !stream) return null;
    // Some containers know only one of the two; `NOPTS` is no number.
    const time =
      [match[3], match[2]].map(Number).find((value) => Number.isFinite(value)) ?? stream.previous + stream.step;
    const duration = Number(match[4]);
    stream.step = duration > 0 ? duration : Math.max(0, time - stream.previous) || stream.step;
    stream.first = stream.packets === 0 ? time : Math.min(stream.first, time);
    stream.end = Math.max(stream.end, time + stream.step);
    stream.previous = time;
    stream.packets++;
    return time * stream.tick;
  }

  stream(index: number): PacketTimeline {
    const stream = this.#streams.get(index);
    if (!stream || stream.packets === 0) return { packets: 0, startSeconds: null, endSeconds: null };
    return {
      packets: stream.packets,
      startSeconds: stream.first * stream.tick,
      endSeconds: stream.end * stream.tick,
    };
  }
}
