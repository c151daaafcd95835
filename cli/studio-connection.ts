import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { controlContract } from '../core/contract/control-api.ts';
import { StudioError } from '../core/contract/errors.ts';
import { readHostRunFile } from '../core/host/host-run-file.ts';
import { dataPaths } from '../core/platform/data-paths.ts';
import { isPidAlive } from '../core/platform/process-identity.ts';

export type StudioClient = ContractRouterClient<typeof controlContract>;

const CONNECT_DEADLINE_MS = 5_000;

/**
 * Connects to the host of a data folder, does something with it, and lets go. Throws `HOST_NOT_RUNNING` when there is none.
 */
export async function withStudio<T>(dataDir: string, use: (client: StudioClient) => Promise<T>): Promise<T> {
  const host = await readHostRunFile(dataPaths(dataDir));
  if (!host || !isPidAlive(host.pid)) throw notRunning(dataDir);
  if (host.url === null) throw new StudioError('HOST_NOT_RUNNING', `the host of ${dataDir} is still starting`);
  const socket = new WebSocket(`${host.url.replace(/^http/, 'ws')}/api`, {
    headers: { authorization: `Bearer ${host.token}` },
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(notRunning(dataDir)), CONNECT_DEADLINE_MS);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.addEventListener('error', () => {
      clearTimeout(timer);
      reject(notRunning(dataDir));
    });
  });
  try {
    const client: StudioClient = createORPCClient(new RPCLink({ websocket: socket }));
    return await use(client);
  } finally {
    socket.close();
  }
}

function notRunning(dataDir: string): StudioError {
  return new StudioError('HOST_NOT_RUNNING', `no host is running for ${dataDir}`);
}
