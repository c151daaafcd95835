/** One report of ffmpeg's `-progress`. Unknown figures (ffmpeg prints `N/A`) are null. */
export interface ToolProgress {
  frame: number | null;
  /** Output time reached, seconds. */
  outSeconds: number | null;
  /** Output seconds per wall second. */
  speed: number | null;
  done: boolean;
}

function figure(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}

/** Collects the `key=value` lines of `-progress`; `push` returns the reports that became whole. */
export class ToolProgressParser {
  #rest = '';
  #fields = new Map<string, string>();

  push(text: string): ToolProgress[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const reports: ToolProgress[] = [];
    for (const line of lines) {
      const at = line.indexOf('=');
      if (at < 0) continue;
      const key = line.slice(0, at).trim();
      this.#fields.set(key, line.slice(at + 1).trim());
      if (key === 'progress') reports.push(this.#take());
    }
    return reports;
  }

  #take(): ToolProgress {
    const microseconds = figure(this.#fields.get('out_time_us'));
    const report: ToolProgress = {
      frame: figure(this.#fields.get('frame')),
      outSeconds: microseconds === null ? null : microseconds / 1e6,
      speed: figure(this.#fields.get('speed')),
      done: this.#fields.get('progress') === 'end',
    };
    this.#fields.clear();
    return report;
  }
}
