import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BroadcasterRunFile, broadcasterRunFileSchema } from '../contract/broadcaster-protocol.ts';
import { writePrivateFile } from '../platform/private-file.ts';

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

export async function writeRunFile(runFolder: string, run: BroadcasterRunFile): Promise<void> {
  await writePrivateFile(pathOf(runFolder), `${JSON.stringify(run)}\n`);
}

/** Removes the run file, unless another engine has written its own meanwhile. */
export async function removeRunFile(runFolder: string, pid: number): Promise<void> {
  if ((await readRunFile(runFolder))?.pid === pid) await rm(pathOf(runFolder), { force: true });
}

export function newToken(): string {
  return randomBytes(24).toString('base64url');
}
