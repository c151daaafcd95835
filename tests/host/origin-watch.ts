import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ORIGIN_PROTOCOL_VERSION,
  type OriginStatus,
  originMessageSchema,
  originRunFileSchema,
} from '../../core/contract/origin-protocol.ts';
import { ControlLink } from '../../core/platform/control-link.ts';
import { processIdentity } from '../../core/platform/process-identity.ts';

const POLL_MS = 5;

/** Waits until the RTMP origin of a data folder has received its first picture; answers its status then. */
export async function untilMediaAtOrigin(dataDir: string, deadlineMs: number): Promise<OriginStatus> {
  const lastMs = performance.now() + deadlineMs;
  const link = await connect(dataDir, lastMs);
  try {
    for (;;) {
      const status = await link.request({ name: 'status' });
      if (status.lastVideoAtMs !== null) return status;
      if (performance.now() > lastMs) throw new Error(`no media at the origin after ${deadlineMs} ms`);
      await delay(POLL_MS);
    }
  } finally {
    link.close();
  }
}

async function connect(dataDir: string, lastMs: number): Promise<ControlLink<OriginStatus>> {
  const protocol = {
    name: 'origin',
    version: ORIGIN_PROTOCOL_VERSION,
    parse: (raw: unknown) => originMessageSchema.parse(raw),
  };
  for (;;) {
    const text = await readFile(join(dataDir, 'run', 'origin.json'), 'utf8').catch(() => null);
    const run = text ? originRunFileSchema.safeParse(JSON.parse(text)).data : undefined;
    if (run && (await processIdentity(run.pid)) !== null) {
      const { link } = await ControlLink.open(run, protocol, { onStatus: () => undefined });
      return link;
    }
    if (performance.now() > lastMs) throw new Error('the origin does not listen');
    await delay(POLL_MS);
  }
}
