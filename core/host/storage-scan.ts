import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { STORAGE_PARTS, type StoragePart } from '../contract/storage.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import { jobFolderName } from '../store/storage/job-folder-name.ts';
import { scanFolder } from '../store/storage/scan-folder.ts';
import type { AssetFact, StorageFacts, Stored } from '../store/storage/storage-facts.ts';
import type { StoredAsset } from '../store/stored-asset.ts';
import type { StudioReader } from '../store/studio-reader.ts';

/** What lies in our folders, and what a crashed restore left in the data folder itself. */
export type Scan = Record<StoragePart, Stored[]> & { strays: Stored[] };

const unfitSinceSchema = z.record(z.string(), z.number()).catch({});

export async function scanStorage(paths: DataPaths): Promise<Scan> {
  const scan: Scan = {
    ...{ assets: [], transitions: [], work: [], house: [], backups: [], logs: [], journal: [], strays: [] },
  };
  for (const part of STORAGE_PARTS) scan[part] = await scanFolder(join(paths.root, part));
  const cutShort = (await readdir(paths.root)).filter((name) => name.startsWith('studio.sqlite.restoring-'));
  for (const name of cutShort) {
    const { size, mtimeMs } = await stat(join(paths.root, name));
    scan.strays.push({ name, bytes: size, files: 1, modifiedMs: mtimeMs });
  }
  return scan;
}

/** Assets on air or prerolled, by the engine's own word. */
export function assetsOnAir(status: BroadcasterStatus | null): string[] {
  return [status?.program?.assetId, status?.next?.assetId].filter((id) => typeof id === 'string');
}

export interface GatherOptions {
  readonly reader: StudioReader;
  readonly channelId: string;
  readonly paths: DataPaths;
  readonly scan: Scan;
  readonly assets: readonly StoredAsset[];
  readonly transitions: StorageFacts['transitions'];
  readonly onAirAssetIds: readonly string[];
  readonly nowMs: number;
  readonly freeBytes: number;
  readonly lowWaterBytes: number;
  readonly profileId: string;
  readonly exists: (path: string) => Promise<boolean>;
}

/** The facts that the rules decide by, and since when each unfit asset is known to be so. */
export async function gatherStorageFacts(
  options: GatherOptions,
): Promise<{ facts: StorageFacts; unfitSince: Record<string, number>; changed: boolean }> {
  const { reader, scan, paths, nowMs, freeBytes, lowWaterBytes, transitions, profileId, channelId } = options;
  const known = unfitSinceSchema.parse(reader.setting('storage.unfitSince') ?? {});
  const present = new Set(scan.assets.map(({ name }) => name));
  const unfit = options.assets.filter(
    ({ id, state }) => (state === 'retired' || state === 'damaged') && present.has(id),
  );
  const unfitSince = Object.fromEntries(unfit.map(({ id }) => [id, known[id] ?? nowMs]));
  const changed = JSON.stringify(unfitSince) !== JSON.stringify(known);
  const low = freeBytes < lowWaterBytes;
  const assets: AssetFact[] = [];
  for (const row of options.assets)
    assets.push({
      ...{ id: row.id, state: row.state, planState: row.planState },
      ...{ lastAiredMs: row.lastAiredMs, createdAtMs: row.createdAtMs },
      hasFile: existsSync(paths.asset(row.id).media),
      inUse: row.queued || options.onAirAssetIds.includes(row.id),
      // Sources are looked at only when something may have to go: they may lie on a slow volume.
      recoverable: low && (await isThere(row, options.exists)),
      unfitSinceMs: unfitSince[row.id] ?? null,
    });
  const facts: StorageFacts = {
    ...{ nowMs, freeBytes, lowWaterBytes, profileId, assets, transitions },
    assetFolders: scan.assets,
    transitionFiles: scan.transitions,
    ...{ work: scan.work, house: scan.house, journal: scan.journal, logs: scan.logs, strays: scan.strays },
    workInUse: new Set(reader.runningJobIds().map(jobFolderName)),
    journalCursor: reader.journalCursor(channelId),
  };
  return { facts, unfitSince, changed };
}

async function isThere({ sourceKind, locator }: StoredAsset, exists: GatherOptions['exists']): Promise<boolean> {
  if (sourceKind === null || locator === null) return false;
  return sourceKind === 'url' || exists(locator);
}
