import { join } from 'node:path';

/** Every path inside a data folder (`--data DIR`), in one place. */
export interface DataPaths {
  readonly root: string;
  readonly studioDb: string;
  readonly metricsDb: string;
  /** Reserve file released when the disk is full, so that SQLite can always commit. */
  readonly reserve: string;
  readonly backups: string;
  readonly journal: string;
  readonly run: string;
  readonly logs: string;
  readonly work: string;
  readonly tools: string;
  /** House pieces of one profile: `manifest.json` and its streams. */
  house(profileId: string): string;
  asset(assetId: string): AssetPaths;
  /** `<transition id>.ts` and `<transition id>.index.json`. */
  readonly transitions: string;
}

export interface AssetPaths {
  readonly folder: string;
  readonly media: string;
  readonly index: string;
  readonly poster: string;
  readonly filmstrip: string;
  /** Momentary and short-term loudness curve of the asset, JSON. */
  readonly loudness: string;
}

export function dataPaths(root: string): DataPaths {
  return {
    root,
    studioDb: join(root, 'studio.sqlite'),
    metricsDb: join(root, 'metrics.sqlite'),
    reserve: join(root, 'reserve.bin'),
    backups: join(root, 'backups'),
    journal: join(root, 'journal'),
    run: join(root, 'run'),
    logs: join(root, 'logs'),
    work: join(root, 'work'),
    tools: join(root, 'tools'),
    house: (profileId) => join(root, 'house', profileId),
    asset: (assetId) => assetPaths(join(root, 'assets', assetId)),
    transitions: join(root, 'transitions'),
  };
}

/** Paths inside one asset folder; also used for a folder under `work/` before it is renamed into place. */
export function assetPaths(folder: string): AssetPaths {
  return {
    folder,
    media: join(folder, 'media.ts'),
    index: join(folder, 'media.index.json'),
    poster: join(folder, 'poster.jpg'),
    filmstrip: join(folder, 'filmstrip.jpg'),
    loudness: join(folder, 'loudness.json'),
  };
}
