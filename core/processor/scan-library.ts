import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { isMediaName, PARTIAL_SUFFIXES } from './media-files.ts';
import { readPlaylist } from './playlist.ts';

export interface FoundFile {
  path: string;
  bytes: number;
  modifiedMs: number;
}

export interface LibraryScan {
  files: Map<string, FoundFile>;
  /** Every folder that was read. */
  folders: Set<string>;
  /** Subfolders that were seen but not read, when not scanning recursively. */
  subfolders: Set<string>;
  /** Folders and files that could not be read, with the reason; what lies below is unknown, not gone. */
  unreadable: Map<string, string>;
  /** Files that belong to a playlist: they are parts, not programmes. */
  parts: Set<string>;
}

/** Deeper is no library but a mistake. */
const MAX_DEPTH = 100;
/** Kernel file systems: a link to them leads round the whole machine. */
const NO_LIBRARY = ['/proc', '/sys'];
/** What Node puts for bytes that are no UTF-8: such a name cannot be given back to the system. */
const NOT_UTF8 = '\u{fffd}';
const GONE = new Set(['ENOENT', 'ELOOP', 'ENOTDIR']);
/** Files looked at in one go. */
const BATCH = 64;

/**
 * Walks a library folder. Symbolic links are followed, except to where they would make the machine the library: to a
 * folder that the library lies in, or to a file system of the kernel. A folder that was read already (a loop, or a second
 * link) is not read again. Only regular files are opened: a pipe or a device would block. What cannot be read is named in
 * the result. Works in small batches, so that 20,000 files do not hold up the event loop. Throws only when aborted.
 */
export async function scanLibrary(
  root: string,
  options: { recursive: boolean; signal?: AbortSignal },
): Promise<LibraryScan> {
  const scan: LibraryScan = {
    files: new Map(),
    folders: new Set(),
    subfolders: new Set(),
    unreadable: new Map(),
    parts: new Set(),
  };
  const seen = new Set<string>();
  const open: { folder: string; depth: number }[] = [{ folder: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    options.signal?.throwIfAborted();
    const { folder, depth } = next;
    const identity = await identityOf(folder, scan);
    if (identity === null || seen.has(identity)) continue;
    seen.add(identity);
    const subfolders = await scanFolder(root, folder, scan);
    if (!options.recursive) for (const each of subfolders) scan.subfolders.add(each);
    else if (depth < MAX_DEPTH) open.push(...subfolders.map((each) => ({ folder: each, depth: depth + 1 })));
    else for (const each of subfolders) scan.unreadable.set(each, `more than ${MAX_DEPTH} folders deep`);
    await breathe();
  }
  for (const part of scan.parts) scan.files.delete(part);
  return scan;
}

async function identityOf(folder: string, scan: LibraryScan): Promise<string | null> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    scan.unreadable.set(folder, reason(error));
    return null;
  }
}

/** Reads one folder into the scan; answers its subfolders. */
async function scanFolder(root: string, folder: string, scan: LibraryScan): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    scan.unreadable.set(folder, reason(error));
    return null;
  });
  if (!entries) return [];
  scan.folders.add(folder);
  const names = new Set(entries.map((entry) => entry.name));
  const subfolders: string[] = [];
  const wanted: string[] = [];
  const links = new Set<string>();
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) subfolders.push(path);
    else if (entry.isSymbolicLink() || isMediaName(entry.name)) {
      if (entry.isSymbolicLink()) links.add(path);
      // A download in progress has its own marker beside it.
      if (!PARTIAL_SUFFIXES.some((suffix) => names.has(entry.name + suffix))) wanted.push(path);
    }
  }
  const playlists: string[] = [];
  for (let at = 0; at < wanted.length; at += BATCH) {
    const batch = wanted.slice(at, at + BATCH);
    const infos = await Promise.all(batch.map((path) => lookAt(path, scan)));
    for (const [index, path] of batch.entries()) {
      const info = infos[index];
      if (info?.isDirectory()) {
        if (!links.has(path) || (await isWithinReason(path, root))) subfolders.push(path);
      } else if (info?.isFile() && isMediaName(path.slice(folder.length + 1))) {
        scan.files.set(path, { path, bytes: info.size, modifiedMs: info.mtimeMs });
        if (extname(path).toLowerCase() === '.m3u8') playlists.push(path);
      }
    }
  }
  for (const path of playlists) for (const part of await readPlaylist(path)) if (part !== path) scan.parts.add(part);
  return subfolders;
}

/** False for a linked folder that is, or holds, the library itself, and for the file systems of the kernel. */
async function isWithinReason(link: string, root: string): Promise<boolean> {
  try {
    const [target, own] = await Promise.all([realpath(link), realpath(root)]);
    const inside = (path: string, folder: string) =>
      path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
    return !inside(own, target) && !NO_LIBRARY.some((folder) => inside(target, folder));
  } catch {
    // It vanished in between: there is nothing to read.
    return false;
  }
}

/** Null for what vanished meanwhile and for dangling links: both are not there. What is there but hidden from us is noted. */
async function lookAt(path: string, scan: LibraryScan): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const code = reason(error);
    if (!GONE.has(code)) scan.unreadable.set(path, code);
    else if (path.includes(NOT_UTF8)) scan.unreadable.set(path, 'its name is no valid UTF-8; rename it');
    return null;
  }
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
