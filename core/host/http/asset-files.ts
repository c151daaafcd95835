import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../contract/errors.ts';
import type { AssetPaths, DataPaths } from '../../platform/data-paths.ts';
import { parseByteRange } from './byte-range.ts';

const FILES: Readonly<Record<string, { path: (asset: AssetPaths) => string; type: string }>> = {
  'poster.jpg': { path: (asset) => asset.poster, type: 'image/jpeg' },
  'filmstrip.jpg': { path: (asset) => asset.filmstrip, type: 'image/jpeg' },
  'loudness.json': { path: (asset) => asset.loudness, type: 'application/json' },
  'media.ts': { path: (asset) => asset.media, type: 'video/mp2t' },
};

/** The file behind `/assets/<id>/<name>`, or null. Only letters, digits, `-` and `_` ever get near a path. */
export function assetFile(pathname: string, paths: DataPaths): { path: string; type: string } | null {
  const match = /^\/assets\/([0-9A-Za-z_-]{1,64})\/([a-z.]+)$/.exec(pathname);
  const file = FILES[match?.[2] ?? ''];
  return match?.[1] && file ? { path: file.path(paths.asset(match[1])), type: file.type } : null;
}

/** Sends a file with ETag and byte ranges. Throws `NOT_FOUND`. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: { path: string; type: string },
): Promise<void> {
  const info = await stat(file.path).catch(() => null);
  if (!info?.isFile()) throw new StudioError('NOT_FOUND', `${basename(file.path)} of this asset does not exist (yet)`);
  const etag = `"${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'private, max-age=3600');
  response.setHeader('Content-Type', file.type);
  response.setHeader('Accept-Ranges', 'bytes');
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
  const range = parseByteRange(request.headers.range, info.size);
  if (range === 'unsatisfiable') return void response.writeHead(416, { 'Content-Range': `bytes */${info.size}` }).end();
  if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${info.size}`);
  response.writeHead(range ? 206 : 200, { 'Content-Length': range ? range.end - range.start + 1 : info.size });
  if (request.method === 'HEAD') return void response.end();
  try {
    await pipeline(createReadStream(file.path, range ?? {}), response);
  } catch (error) {
    // The client went away in the middle: its right.
    if (!response.destroyed) throw error;
  }
}
