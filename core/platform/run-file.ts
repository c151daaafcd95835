import { readFile } from 'node:fs/promises';
import { describeError } from '../contract/errors.ts';
import type { Logger } from './logger.ts';
import { writePrivateFile } from './private-file.ts';

export interface RunFileOptions {
  readonly path: string;
  readonly run: { readonly pid: number };
  readonly log: Logger;
  /** Time between two looks, ms; 2,000 when absent. */
  readonly everyMs?: number;
}

const EVERY_MS = 2_000;

/**
 * Writes the file by which others find this process, and puts it back when it was removed or cannot be read any more:
 * without it a process that is on air could neither be attached to nor replaced. Another process's file is left alone.
 * Resolves when it was written; call the result to stop looking after it.
 */
export async function keepRunFile(options: RunFileOptions): Promise<() => Promise<void>> {
  const { path, run, log } = options;
  const text = `${JSON.stringify(run)}\n`;
  await writePrivateFile(path, text);
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = (async () => {
      if (await isRunFile(path)) return;
      log.warn({ path }, 'the run file was lost or damaged and is written again');
      await writePrivateFile(path, text);
    })().catch((error: unknown) => log.warn({ path, reason: describeError(error) }, 'the run file cannot be written'));
  }, options.everyMs ?? EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return looking;
  };
}

async function isRunFile(path: string): Promise<boolean> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof found === 'object' && found !== null && 'pid' in found && Number.isInteger(found.pid);
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return false;
    throw error;
  }
}
