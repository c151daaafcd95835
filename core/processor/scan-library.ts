import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
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
const MAX_DEPTH = 40;
/** Files looked at in one go. */
const BATCH = 64;

/**
 * Walks a library folder. Symbolic links are followed; a folder that was read already (a loop, or a second link) is not
 * read again. Never throws: what cannot be read is named in the result. Works in small batches, so that 20,000 files do
 * not hold up the event loop.
 */
export async function scanLibrary(root: string, options: { recursive: boolean }): Promise<LibraryScan> {
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
    const { folder, depth } = next;
    const identity = await identityOf(folder, scan);
    if (identity === null || seen.has(identity)) continue;
    seen.add(identity);
    const subfolders = await scanFolder(folder, scan);
    if (!options.recursive) for (const each of subfolders) scan.subfolders.add(each);
    else if (depth < MAX_DEPTH) open.push(...subfolders.map((each) => ({ folder: each, depth: depth + 1 })));
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
async function scanFolder(folder: string, scan: LibraryScan): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    scan.unreadable.set(folder, reason(error));
    return null;
  });
  if (!entries) return [];
  scan.folders.add(folder);
  const names = new Set(entries.map((entry) => entry.name));
  const subfolders: string[] = [];
  const wanted: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) subfolders.push(path);
    else if (entry.isSymbolicLink() || isMediaName(entry.name)) {
      // A download in progress has its own marker beside it.
      if (!PARTIAL_SUFFIXES.some((suffix) => names.has(entry.name + suffix))) wanted.push(path);
    }
  }
  for (let at = 0; at < wanted.length; at += BATCH) {
    const batch = wanted.slice(at, at + BATCH);
    const infos = await Promise.all(batch.map((path) => statOrNull(path)));
    for (const [index, path] of batch.entries()) {
      const info = infos[index];
      if (info?.isDirectory()) subfolders.push(path);
      else if (info?.isFile() && isMediaName(path.slice(folder.length + 1)))
        scan.files.set(path, { path, bytes: info.size, modifiedMs: info.mtimeMs });
    }
  }
  for (const path of wanted) {
    if (extname(path).toLowerCase() !== '.m3u8') continue;
    for (const part of await readPlaylist(path)) if (part !== path) scan.parts.add(part);
  }
  return subfolders;
}

/** Null for what vanished meanwhile and for dangling links: both are not there. */
async function statOrNull(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
