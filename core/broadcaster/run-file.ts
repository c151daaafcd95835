import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BroadcasterRunFile, broadcasterRunFileSchema } from '../contract/broadcaster-protocol.ts';
import type { Logger } from '../platform/logger.ts';
import { keepRunFile } from '../platform/run-file.ts';

function pathOf(runFolder: string): string {
  return join(runFolder, 'broadcaster.json');
}

/**
 * What a new engine takes over from one that was killed: its token and port, so that previews which reconnect find the
 * same address. Null without a usable run file.
 */
export async function readRunFile(runFolder: string): Promise<BroadcasterRunFile | null> {
  try {
    return broadcasterRunFileSchema.parse(JSON.parse(await readFile(pathOf(runFolder), 'utf8')));
  } catch {
    // Missing after a graceful stop, or not ours to understand: in both cases there is nothing to take over.
    return null;
  }
}

/** Writes the run file and keeps it there until the result is called. */
export function writeRunFile(runFolder: string, log: Logger, run: BroadcasterRunFile): Promise<() => Promise<void>> {
  return keepRunFile({ path: pathOf(runFolder), run, log });
}

/** Removes the run file, unless another engine has written its own meanwhile. */
export async function removeRunFile(runFolder: string, pid: number): Promise<void> {
  if ((await readRunFile(runFolder))?.pid === pid) await rm(pathOf(runFolder), { force: true });
}

export function newToken(): string {
  return randomBytes(24).toString('base64url');
}
