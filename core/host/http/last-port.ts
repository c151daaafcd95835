import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import { choosePort } from '../../platform/free-port.ts';
import type { HttpServer } from './http-server.ts';

const ATTEMPTS = 5;

const portFile = (paths: DataPaths): string => join(paths.run, 'http-port');

async function lastPort(paths: DataPaths): Promise<number[]> {
  const text = await readFile(portFile(paths), 'utf8').catch(() => '');
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? [port] : [];
}

/**
 * Listens on the wanted port, else on the one of the last run, so that an open page finds its host again, else on a free
 * one. Throws `BAD_ARGUMENT` when the wanted port is taken.
 */
export async function listenWhereLastTime(
  server: HttpServer,
  paths: DataPaths,
  wanted: number | undefined,
): Promise<number> {
  const preferred = wanted === undefined ? await lastPort(paths) : [wanted];
  for (let attempt = 1; ; attempt++) {
    const chosen = await choosePort(preferred);
    if (wanted !== undefined && chosen !== wanted)
      throw new StudioError('BAD_ARGUMENT', `port ${wanted} is taken by another program`);
    try {
      const port = await server.listen(chosen);
      await writeFileAtomic(portFile(paths), `${port}\n`);
      return port;
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
}
