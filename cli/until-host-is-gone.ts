import { setTimeout as delay } from 'node:timers/promises';
import { StudioError } from '../core/contract/errors.ts';
import { readHostRunFile } from '../core/host/host-run-file.ts';
import { dataPaths } from '../core/platform/data-paths.ts';
import { isPidAlive } from '../core/platform/process-identity.ts';

const DEADLINE_MS = 60_000;
const POLL_MS = 50;

/** Resolves when the host that runs now has ended. Throws `DEADLINE`. */
export async function untilHostIsGone(dataDir: string): Promise<void> {
  const host = await readHostRunFile(dataPaths(dataDir));
  if (!host) return;
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (isPidAlive(host.pid)) {
    if (performance.now() > deadlineMs)
      throw new StudioError('DEADLINE', `the host (pid ${host.pid}) is still running`);
    await delay(POLL_MS);
  }
}
