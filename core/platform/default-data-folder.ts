import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** What decides the data folder; injected so that each platform's branch can be tested anywhere. */
export interface DataFolderSources {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const thisMachine = (): DataFolderSources => ({ platform: process.platform, homeDir: homedir(), env: process.env });

/**
 * The platform's usual folder for an application's data: `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on
 * Windows, `$XDG_DATA_HOME` or `~/.local/share` elsewhere (XDG Base Directory 0.8: a relative value is ignored).
 * `VVTV_DATA` overrides all of them.
 */
export function defaultDataFolder(sources: DataFolderSources = thisMachine()): string {
  const { platform, homeDir, env } = sources;
  if (env['VVTV_DATA']) return env['VVTV_DATA'];
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', 'VoulezVous TV');
  if (platform === 'win32')
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(homeDir, 'AppData', 'Local'), 'VoulezVous TV', 'Data');
  const xdg = env['XDG_DATA_HOME'];
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(homeDir, '.local', 'share'), 'voulezvous-tv');
}
