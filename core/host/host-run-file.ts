import { join } from 'node:path';
import { z } from 'zod';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { readPrivateFile, writePrivateFile } from '../platform/private-file.ts';
import { keepRunFile } from '../platform/run-file.ts';

/** `<data>/run/host.json` (mode 0600): where the running host listens, and the token with which `vvtvctl` talks to it. */
const hostRunFileSchema = z.object({
  pid: z.number().int(),
  /** Null while the host is still starting. */
  url: z.string().nullable(),
  token: z.string(),
  version: z.string(),
  startedAtMs: z.number(),
});
export type HostRunFile = z.infer<typeof hostRunFileSchema>;

export const hostRunFilePath = (paths: DataPaths): string => join(paths.run, 'host.json');

/** Null when there is none or it is not whole JSON of this shape (written by another version). */
export async function readHostRunFile(paths: DataPaths): Promise<HostRunFile | null> {
  const text = await readPrivateFile(hostRunFilePath(paths));
  if (text === null) return null;
  try {
    return hostRunFileSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function writeHostRunFile(paths: DataPaths, file: HostRunFile): Promise<void> {
  await writePrivateFile(hostRunFilePath(paths), `${JSON.stringify(file, null, 2)}\n`);
}

/** As above, and keeps it there until the result is called. */
export function keepHostRunFile(paths: DataPaths, run: HostRunFile, log: Logger): Promise<() => Promise<void>> {
  return keepRunFile({ path: hostRunFilePath(paths), run, log });
}
