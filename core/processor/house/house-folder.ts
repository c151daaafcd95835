import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HouseManifest, houseManifestSchema } from '../../contract/house-piece.ts';
import { type HouseProfile, profileId } from '../../contract/profile.ts';
import { indexPathOf } from '../../media/mpegts/asset-index-file.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Logger } from '../../platform/logger.ts';
import { HOUSE_PIECES, type HousePiece } from './house-pieces.ts';

/** Changes when the way pieces are rendered changes, so that new versions of the app render theirs. */
const RECIPE_VERSION = 1;
const KEY_LENGTH = 10;
const MANIFEST = 'manifest.json';

/**
 * File name of a piece: `<name>-<key>.ts`. The key stands for everything the picture depends on (recipe, card, profile,
 * channel name), so that a file found under its name is the wanted one, and a renamed channel never overwrites what is on air.
 */
export async function pieceFileName(
  piece: HousePiece,
  profile: HouseProfile,
  channelName: string,
  resources: string,
): Promise<string> {
  const card = await readFile(join(resources, piece.card), 'utf8');
  const rings = await readFile(join(resources, 'rings.svg'), 'utf8');
  const facts = JSON.stringify([RECIPE_VERSION, piece, card, rings, profileId(profile), channelName]);
  return `${piece.name}-${createHash('sha256').update(facts).digest('hex').slice(0, KEY_LENGTH)}.ts`;
}

/** The manifest of a house folder; null when there is none or it cannot be read (it is rendered anew then). */
export async function readHouseManifest(folder: string, logger: Logger): Promise<HouseManifest | null> {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null; // not there yet: the first start
  }
  try {
    return houseManifestSchema.parse(JSON.parse(text));
  } catch (error) {
    logger.warn({ path, err: error }, 'the manifest of the house pieces is unreadable');
    return null;
  }
}

export async function writeHouseManifest(folder: string, manifest: HouseManifest): Promise<void> {
  await writeFileAtomic(join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
}

/** Every stream that a manifest names. */
export function manifestPieces(manifest: HouseManifest): string[] {
  return [manifest.slate, ...manifest.emergency, ...manifest.error];
}

/**
 * Removes pieces that neither the manifest on disk names nor `wanted` does: those of an earlier channel name or of an
 * interrupted run. What the broadcaster may still have open is named by the manifest, and stays until the next call.
 */
export async function pruneHouseFolder(
  folder: string,
  manifest: HouseManifest | null,
  wanted: readonly string[],
): Promise<void> {
  const streams = new Set([...wanted, ...(manifest ? manifestPieces(manifest) : [])]);
  const keep = new Set([MANIFEST, ...streams, ...[...streams].map(indexPathOf)]);
  const names = HOUSE_PIECES.map((piece) => piece.name).join('|');
  const ours = new RegExp(`^(?:(?:${names})-[0-9a-f]{${KEY_LENGTH}}\\.|${MANIFEST}\\.)`);
  for (const name of await readdir(folder)) {
    if (ours.test(name) && !keep.has(name)) await rm(join(folder, name), { force: true });
  }
}
