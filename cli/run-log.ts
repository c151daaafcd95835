import { join } from 'node:path';
import pino from 'pino';
import { RotatingFile } from '../core/host/rotating-file.ts';
import type { DataPaths } from '../core/platform/data-paths.ts';
import type { Logger } from '../core/platform/logger.ts';

export interface RunLog extends Disposable {
  readonly log: Logger;
  /** A line that a daemon wrote to its stderr. */
  line(component: string, text: string): void;
}

export interface RunLogOptions {
  readonly paths: DataPaths;
  /** True for a person at a terminal: pretty lines, and only what needs a look unless `verbose`. */
  readonly pretty: boolean;
  readonly verbose: boolean;
}

const WARN = 40;

/**
 * The one log of a running studio: host and daemons together in `<data>/logs/studio.log`, rotated by size, and on
 * stderr: as JSON lines for a service manager, or pretty for a person.
 */
export async function openRunLog({ paths, pretty, verbose }: RunLogOptions): Promise<RunLog> {
  const file = new RotatingFile(join(paths.logs, 'studio.log'));
  const show = pretty ? await prettyWriter() : (text: string) => process.stderr.write(`${text}\n`);
  const write = (text: string): void => {
    file.line(text);
    if (verbose || !pretty || levelOf(text) >= WARN) show(text);
  };
  const log = pino(
    {
      level: process.env['VVTV_LOG_LEVEL'] ?? 'info',
      base: { component: 'host', pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: (text: string) => write(text.trimEnd()) },
  );
  return {
    log,
    line: (component, text) => {
      if (text.trim() !== '') write(asLogLine(component, text));
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

async function prettyWriter(): Promise<(text: string) => void> {
  const { default: pretty } = await import('pino-pretty');
  const { prettyFactory } = pretty;
  const format = prettyFactory({
    colorize: process.stderr.isTTY && !process.env['NO_COLOR'],
    ignore: 'pid,hostname,channel',
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: '{component}: {msg}',
  });
  return (text) => process.stderr.write(format(text));
}

/** What a library printed in plain words becomes a line like the others. */
function asLogLine(component: string, text: string): string {
  if (text.startsWith('{') && text.endsWith('}')) return text;
  return JSON.stringify({ level: WARN, time: new Date().toISOString(), component, msg: text });
}

const levelOf = (line: string): number => Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? WARN);
