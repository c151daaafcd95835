import { StringDecoder } from 'node:string_decoder';

/** What is kept of a tool's stderr, bytes. */
const TAIL_BYTES = 64 * 1024;

/** Lines that say nothing about what went wrong. */
const NOISE = [
  /^\s*$/,
  /^(frame|size)=\s*\d/,
  /^Last message repeated/,
  /^\s*(built with|configuration:|lib(av|sw|post)\w+\s)/,
  /^(ffmpeg|ffprobe) version /,
  /^Press \[q\]/,
  /^\[q\] command received/,
  /^(Input|Output) #\d/,
  /^\s+(Metadata:|Duration:|Stream #|Side data:|Chapter)/,
  /^video:.* audio:/,
  /^Exiting normally/,
  /^Conversion failed!$/,
];

/** Keeps the last 64 KB of a tool's stderr as text; broken UTF-8 becomes U+FFFD. Whole lines go to `onLine`. */
export class StderrTail {
  #decoder = new StringDecoder('utf8');
  #kept = '';
  #line = '';
  readonly #onLine: ((line: string) => void) | undefined;

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  end(): void {
    this.#take(this.#decoder.end());
    if (this.#line !== '') this.#onLine?.(this.#line);
    this.#line = '';
  }

  get text(): string {
    return this.#kept.slice(-TAIL_BYTES);
  }

  #take(text: string): void {
    this.#kept += text;
    if (this.#kept.length > 2 * TAIL_BYTES) this.#kept = this.#kept.slice(-TAIL_BYTES);
    if (!this.#onLine) return;
    const lines = (this.#line + text).split(/\r\n|\n|\r/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }
}

/** The last lines of stderr that say what went wrong (at most `count`, repeats once), oldest first. */
export function meaningfulLines(stderr: string, count = 4): string[] {
  const lines = stderr
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/ @ 0x[0-9a-f]+\]/g, ']').trimEnd())
    .filter((line) => !NOISE.some((noise) => noise.test(line)));
  return [...new Set(lines.reverse())].slice(0, count).reverse();
}
