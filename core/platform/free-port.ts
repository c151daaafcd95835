import { createServer } from 'node:net';

/** True when a TCP listener can be opened on this loopback port now. */
async function isFree(port: number): Promise<number | null> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : null;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * The first loopback port of `preferred` that is free (the one of the last run comes first, so that bookmarks and players
 * keep working), else one that the system chooses. Between this answer and its use another program may take it: a caller
 * that listens must be ready to ask again.
 */
export async function choosePort(preferred: readonly number[]): Promise<number> {
  for (const port of preferred) if ((await isFree(port)) !== null) return port;
  const port = await isFree(0);
  if (port === null) throw new Error('the system has no free TCP port on 127.0.0.1');
  return port;
}
