/** One report of a pusher's `-progress`. */
export interface PusherReport {
  /** Bytes handed to the destination; null when ffmpeg does not know. */
  readonly bytes: number | null;
  /** Output time reached, microseconds; null before the first packet. */
  readonly outMicroseconds: number | null;
}

/** Collects the lines of `-progress`. */
export class PusherProgress {
  #rest = '';
  #bytes: number | null = null;
  #outMicroseconds: number | null = null;

  /** Takes output of the pusher; returns the newest whole report in it, if any. */
  push(text: string): PusherReport | null {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    let report: PusherReport | null = null;
    for (const line of lines) {
      if (line.startsWith('total_size=')) this.#bytes = numberOf(line, 11);
      else if (line.startsWith('out_time_us=')) this.#outMicroseconds = numberOf(line, 12);
      else if (line.startsWith('progress=')) report = { bytes: this.#bytes, outMicroseconds: this.#outMicroseconds };
    }
    return report;
  }
}

function numberOf(line: string, from: number): number | null {
  const value = Number.parseInt(line.slice(from), 10);
  return Number.isFinite(value) ? value : null;
}
