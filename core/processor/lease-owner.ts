import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { z } from 'zod';
import type { StoreClient } from '../contract/store-commands.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { processIdentity } from '../platform/process-identity.ts';

const ownerSchema = z.object({ owner: z.string(), pid: z.number().int(), identity: z.string().nullable() });

/**
 * A name of our own for job leases, recorded in `<data>/run/processor.json`. When the processor that was recorded there
 * before is dead, its leases are released, so that its jobs go on at once and not when their leases run out.
 */
export async function takeLeaseOwner(paths: DataPaths, store: StoreClient, clock: Clock): Promise<string> {
  const path = join(paths.run, 'processor.json');
  const before = await readOwner(path);
  if (before && (await processIdentity(before.pid)) !== before.identity)
    await store.run('job.releaseOwner', { owner: before.owner, atMs: clock.wallMs() });
  const owner = `processor-${ulid(clock.wallMs())}`;
  const identity = await processIdentity(process.pid);
  await writeFileAtomic(path, JSON.stringify({ owner, pid: process.pid, identity }));
  return owner;
}

async function readOwner(path: string): Promise<z.infer<typeof ownerSchema> | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // None was recorded, or not readably: its leases run out by themselves.
    return null;
  }
}
