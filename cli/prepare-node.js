import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

/** Where compiled code is kept: a folder of this user alone, since what lies there is run. */
export function compileCacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env.NODE_COMPILE_CACHE) return env.NODE_COMPILE_CACHE;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'VoulezVous TV', 'compiled');
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'VoulezVous TV', 'Cache', 'compiled');
  }
  return join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'voulezvous-tv', 'compiled');
}

/**
 * A small young generation keeps the memory of a process that idles for months where it was after the start. It must not
 * grow, since `--max-semi-space-size`, which the daemons get, is read only before this code runs (measured: 1 MB instead of
 * 16 MB of it in the host). Compiled code is kept between starts, here and (through the environment) in every daemon: Node
 * then neither strips types nor loads the compiler that does, which halves the start and saves some 35 MB in each process.
 * It is kept apart for each set of flags that is in force when this is enabled: so the flag comes first.
 */
export function prepareNode() {
  setFlagsFromString('--semi-space-growth-factor=1');
  const folder = compileCacheFolder();
  process.env.NODE_COMPILE_CACHE = folder;
  enableCompileCache(folder);
}
