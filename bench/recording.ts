import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Packet statistics of a recording, by stream kind. */
export interface CadenceReport {
  packets: number;
  durationSeconds: number;
  /** Deltas that differ from the nominal one by more than the container's millisecond rounding. */
  gaps: { atSeconds: number; deltaMs: number }[];
  worstDeltaMs: number;
}

/** What a detector filter said, seconds from the start of the recording. */
export interface Detected {
  fromSeconds: number;
  toSeconds: number;
}

/** Runs a tool to its end and hands over each line of the chosen output; resolves with the exit code. */
async function eachLine(
  command: string,
  args: readonly string[],
  output: 'stdout' | 'stderr',
  onLine: (line: string) => void,
): Promise<number> {
  const child = spawn('nice', ['-n', '5', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chosen = output === 'stdout' ? child.stdout : child.stderr;
  (output === 'stdout' ? child.stderr : child.stdout).resume();
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  for await (const line of createInterface({ input: chosen })) onLine(line);
  return exit;
}

/**
 * Reads every packet's time stamp and reports where the cadence breaks. FLV and RTMP carry milliseconds, so a nominal
 * 33.33 ms delta appears as 33 or 34: anything further than `toleranceMs` away counts as a gap (or an overlap).
 */
export async function measureCadence(
  ffprobe: string,
  recording: string,
  kind: 'video' | 'audio',
  nominalMs: number,
  toleranceMs = 1.01,
): Promise<CadenceReport> {
  const selector = kind === 'video' ? 'v:0' : 'a:0';
  const report: CadenceReport = { packets: 0, durationSeconds: 0, gaps: [], worstDeltaMs: 0 };
  let first: number | null = null;
  let last: number | null = null;
  await eachLine(
    ffprobe,
    ['-v', 'error', '-select_streams', selector, '-show_entries', 'packet=dts_time', '-of', 'csv=p=0', recording],
    'stdout',
    (line) => {
      const seconds = Number.parseFloat(line);
      if (!Number.isFinite(seconds)) return;
      report.packets += 1;
      first ??= seconds;
      if (last !== null) {
        const deltaMs = (seconds - last) * 1000;
        report.worstDeltaMs = Math.max(report.worstDeltaMs, Math.abs(deltaMs - nominalMs));
        if (Math.abs(deltaMs - nominalMs) > toleranceMs) report.gaps.push({ atSeconds: seconds, deltaMs });
      }
      last = seconds;
    },
  );
  if (first !== null && last !== null) report.durationSeconds = last - first;
  return report;
}

/** Decodes the first seconds of a recording and returns the decoder's complaints. */
export async function decodeMessages(ffmpeg: string, recording: string, seconds: number): Promise<string[]> {
  const messages: string[] = [];
  const input = ['-hide_banner', '-nostdin', '-v', 'warning', '-t', seconds.toFixed(3), '-i', recording];
  await eachLine(ffmpeg, [...input, '-map', '0', '-f', 'null', '-'], 'stderr', (line) => messages.push(line));
  return messages;
}

/** Black, frozen and silent stretches of a recording, found in one decode. Frozen and black are reported apart. */
export async function detectStretches(
  ffmpeg: string,
  recording: string,
): Promise<{ black: Detected[]; frozen: Detected[]; silent: Detected[] }> {
  const found = { black: [] as Detected[], frozen: [] as Detected[], silent: [] as Detected[] };
  const open: { frozen: number | null; silent: number | null } = { frozen: null, silent: null };
  const number = (line: string, name: string): number | null => {
    const match = new RegExp(`${name}[:=] ?(-?[0-9.]+)`).exec(line);
    return match?.[1] === undefined ? null : Number(match[1]);
  };
  const onLine = (line: string): void => {
    const blackFrom = number(line, 'black_start');
    const blackTo = number(line, 'black_end');
    if (blackFrom !== null && blackTo !== null) found.black.push({ fromSeconds: blackFrom, toSeconds: blackTo });
    open.frozen = number(line, 'freeze_start') ?? open.frozen;
    const freezeEnd = number(line, 'freeze_end');
    if (freezeEnd !== null && open.frozen !== null) {
      found.frozen.push({ fromSeconds: open.frozen, toSeconds: freezeEnd });
      open.frozen = null;
    }
    open.silent = number(line, 'silence_start') ?? open.silent;
    const silenceEnd = number(line, 'silence_end');
    if (silenceEnd !== null && open.silent !== null) {
      found.silent.push({ fromSeconds: open.silent, toSeconds: silenceEnd });
      open.silent = null;
    }
  };
  const video = 'scale=320:-2,blackdetect=d=0.5:pix_th=0.10,freezedetect=n=-60dB:d=2';
  const args = ['-hide_banner', '-nostdin', '-v', 'info', '-nostats', '-i', recording];
  await eachLine(
    ffmpeg,
    [...args, '-vf', video, '-af', 'silencedetect=n=-60dB:d=1', '-f', 'null', '-'],
    'stderr',
    onLine,
  );
  return found;
}

/** Integrated loudness (EBU R 128) of one stretch, LUFS; null when it is too quiet or too short to gate. */
export async function measureLoudness(ffmpeg: string, recording: string, span: Detected): Promise<number | null> {
  let integrated: number | null = null;
  const args = ['-hide_banner', '-nostdin', '-v', 'info', '-nostats', '-ss', span.fromSeconds.toFixed(3)];
  const length = (span.toSeconds - span.fromSeconds).toFixed(3);
  await eachLine(
    ffmpeg,
    [...args, '-t', length, '-i', recording, '-vn', '-af', 'ebur128=framelog=quiet', '-f', 'null', '-'],
    'stderr',
    (line) => {
      const match = /^\s+I:\s+(-?[0-9.]+) LUFS/.exec(line);
      if (match?.[1] !== undefined) integrated = Number(match[1]);
    },
  );
  return integrated === null || integrated <= -70 ? null : integrated;
}
