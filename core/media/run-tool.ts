import { StringDecoder } from 'node:string_decoder';
import { StudioError } from '../contract/errors.ts';
import type { Logger } from '../platform/logger.ts';
import { recordChild } from './child-record.ts';
import { commandText, maskOutput } from './command-text.ts';
import { spawnWithLifeline } from './lifeline.ts';
import { meaningfulLines, StderrTail } from './stderr-tail.ts';
import { type ToolProgress, ToolProgressParser } from './tool-progress.ts';

export interface RunToolOptions {
  /** Path of the binary. */
  tool: string;
  args: readonly string[];
  logger: Logger;
  signal?: AbortSignal | undefined;
  /** Longest run, ms; the tool is killed then and the call rejects with `DEADLINE`. */
  deadlineMs?: number | undefined;
  /** 0 (default) to 19: how far it yields to others. */
  nice?: number | undefined;
  /** Bytes for stdin; without them stdin is empty. */
  input?: Uint8Array | undefined;
  /** Where the pid is put on record (`childrenFolder` of child-record.ts). */
  childrenFolder?: string | undefined;
  /** ffmpeg only: adds `-progress` on stdout and reports four times a second. `stdout` of the result is empty then. */
  onProgress?: ((progress: ToolProgress) => void) | undefined;
  /** Every line of stdout, as it comes; `stdout` of the result is empty then. Not together with `onProgress`. */
  onStdoutLine?: ((line: string) => void) | undefined;
  /** Every line of stderr, as it comes. */
  onStderrLine?: ((line: string) => void) | undefined;
  /** Most bytes of stdout kept (default 64 MiB); more is an error `TOOL_FAILED`. */
  maxStdoutBytes?: number | undefined;
}

export interface ToolResult {
  stdout: Buffer;
  /** Last 64 KB, broken UTF-8 replaced. */
  stderrTail: string;
  exitCode: number;
  wallMs: number;
}

const PROGRESS_ARGS = ['-progress', 'pipe:1', '-nostats', '-stats_period', '0.25'];
const DEFAULT_MAX_STDOUT_BYTES = 64 * 1024 * 1024;

/** Exit codes of the shell for a program that may not be run or does not exist (POSIX.1-2017 §2.8.2). */
const CANNOT_START = new Set([126, 127]);

type Ending = { code: number | null; signal: NodeJS.Signals | null };
type Stop = 'aborted' | 'deadline' | 'too_much_output';

/**
 * Runs ffmpeg or ffprobe to its end: the one way in which the studio starts them. The tool is in a process group of its
 * own, which is killed as a whole on abort, on the deadline and when this process dies in any way.
 * Rejects with `ABORTED`, `DEADLINE`, `TOOL_MISSING`, `DISK_FULL`, or `TOOL_FAILED` with the last meaningful lines of
 * stderr in the message and the pasteable command (secrets masked) in `detail.command`.
 */
export async function runTool(options: RunToolOptions): Promise<ToolResult> {
  const { tool, logger, signal } = options;
  const args = options.onProgress ? [...PROGRESS_ARGS, ...options.args] : options.args;
  const command = commandText(tool, args);
  if (signal?.aborted) throw new StudioError('ABORTED', 'stopped before it started', { detail: { command } });
  logger.debug({ command }, 'run tool');

  const startedMs = performance.now();
  const child = spawnWithLifeline(tool, args, {
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(options.nice === undefined ? {} : { nice: options.nice }),
  });
  const forget =
    options.childrenFolder !== undefined && child.pid !== undefined
      ? recordChild(options.childrenFolder, child.pid, command, logger)
      : undefined;

  let stopped: Stop | undefined;
  const stop = (why: Stop) => {
    stopped ??= why;
    child.killGroup();
  };
  const stdout: Buffer[] = [];
  const stderr = new StderrTail(options.onStderrLine);
  const reader = options.onProgress
    ? progressReader(options.onProgress)
    : options.onStdoutLine && lineReader(options.onStdoutLine);
  let stdoutBytes = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    if (reader) return reader(chunk);
    stdoutBytes += chunk.length;
    if (stdoutBytes > (options.maxStdoutBytes ?? DEFAULT_MAX_STDOUT_BYTES)) return stop('too_much_output');
    stdout.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  // The tool may end before it has read all its input; how it ended tells why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);

  const onAbort = () => stop('aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = options.deadlineMs === undefined ? undefined : setTimeout(() => stop('deadline'), options.deadlineMs);
  let ending: Ending;
  try {
    ending = await new Promise<Ending>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new StudioError('TOOL_MISSING', `cannot start ${tool}`, { detail: { command }, cause })),
      );
      child.once('close', (code, signalName) => resolve({ code, signal: signalName }));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    await forget?.();
  }

  stderr.end();
  const stderrTail = maskOutput(stderr.text, args);
  const wallMs = performance.now() - startedMs;
  const failure = failureOf(options, ending, stopped, stderrTail, command);
  if (failure) {
    logger.debug({ command, wallMs, code: failure.code }, 'tool failed');
    throw failure;
  }
  return { stdout: Buffer.concat(stdout), stderrTail, exitCode: 0, wallMs };
}

function progressReader(onProgress: (progress: ToolProgress) => void): (chunk: Buffer) => void {
  const parser = new ToolProgressParser();
  const decoder = new StringDecoder('utf8');
  return (chunk) => {
    for (const report of parser.push(decoder.write(chunk))) onProgress(report);
  };
}

/** A last line without its end is not reported: the tool was cut off in it. */
function lineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

function failureOf(
  options: RunToolOptions,
  ending: Ending,
  stopped: Stop | undefined,
  stderrTail: string,
  command: string,
): StudioError | null {
  const detail = { command, exitCode: ending.code, signal: ending.signal, stderrTail: stderrTail.slice(-4000) };
  const { tool } = options;
  if (stopped === 'aborted') return new StudioError('ABORTED', `${tool} was stopped`, { detail });
  if (stopped === 'deadline')
    return new StudioError('DEADLINE', `${tool} did not end within ${options.deadlineMs} ms`, { detail });
  if (stopped === 'too_much_output') return new StudioError('TOOL_FAILED', `${tool} printed too much`, { detail });
  if (ending.code === 0) return null;
  const lines = meaningfulLines(stderrTail).join(' · ');
  if (ending.code !== null && CANNOT_START.has(ending.code))
    return new StudioError('TOOL_MISSING', `cannot start ${tool}: ${lines}`, { detail });
  if (/No space left on device|Disk quota exceeded/.test(stderrTail))
    return new StudioError('DISK_FULL', `no space left while ${tool} was writing`, { detail });
  const how = ending.signal === null ? `exit code ${ending.code}` : `signal ${ending.signal}`;
  return new StudioError('TOOL_FAILED', `${tool} failed (${how})${lines ? `: ${lines}` : ''}`, { detail });
}
