import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { broadcasterRunFileSchema } from '../contract/broadcaster-protocol.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { processIdentity } from '../platform/process-identity.ts';

/** True when a broadcaster that an earlier host started is still running. */
export async function isChannelOnAir(paths: DataPaths): Promise<boolean> {
  const text = await readFile(join(paths.run, 'broadcaster.json'), 'utf8').catch(() => null);
  if (text === null) return false;
  try {
    const run = broadcasterRunFileSchema.safeParse(JSON.parse(text)).data;
    return run !== undefined && (await processIdentity(run.pid)) !== null;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
