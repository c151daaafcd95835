import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';

/** Longest playlist that is read, bytes: what is longer is none. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Local files that an HLS playlist needs, with those of the playlists it names (RFC 8216 §4.3), each once, in order.
 * Network addresses are left out; a file that is no playlist, or cannot be read, names nothing.
 */
export async function readPlaylist(path: string): Promise<string[]> {
  const found = new Set<string>();
  await collect(resolve(path), found, new Set([resolve(path)]));
  return [...found];
}

async function collect(path: string, found: Set<string>, seen: Set<string>): Promise<void> {
  for (const file of await namedFiles(path)) {
    found.add(file);
    if (extname(file).toLowerCase() !== '.m3u8' || seen.has(file)) continue;
    seen.add(file);
    await collect(file, found, seen);
  }
}

async function namedFiles(path: string): Promise<string[]> {
  const text = await readText(path).catch(() => '');
  if (!text.startsWith('#EXTM3U')) return [];
  const names = text.split(/\r?\n/).flatMap((line) => {
    if (!line.startsWith('#')) return line.trim() === '' ? [] : [line.trim()];
    return [...line.matchAll(/URI="([^"]+)"/g)].map((match) => match[1] ?? '');
  });
  return names
    .map((name) => name.replace(/^file:(?:\/\/(?=\/))?/i, ''))
    .filter((name) => !/^[a-z][a-z\d+.-]+:/i.test(name))
    .map((name) => resolve(dirname(path), decodeName(name)));
}

/** Text of a regular file; empty for a pipe or a device, which would block or never end, and for what is too long. */
async function readText(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    return info.isFile() && info.size <= MAX_BYTES ? await file.readFile('utf8') : '';
  } finally {
    await file.close();
  }
}

/** Names in playlists are URIs: `%20` stands for a space. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A lone `%` is no escape: the name is meant as it stands.
    return name;
  }
}
