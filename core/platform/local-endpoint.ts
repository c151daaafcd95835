import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a Unix domain socket that every supported system takes (macOS: 104 bytes with the final NUL). */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * Address for `net.listen` and `net.connect` of a local control socket: a Unix socket in the run folder, a short one in
 * a private folder of the temporary directory when that path is too long, or a named pipe on Windows.
 */
export function localEndpoint(runFolder: string, name: string, platform: NodeJS.Platform = process.platform): string {
  const hash = createHash('sha256').update(runFolder).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\vvtv-${hash}-${name}`;
  const path = join(runFolder, `${name}.sock`);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  const folder = join(tmpdir(), `vvtv-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${name}.sock`);
}
