import type { Filmstrip, Stretch } from '../../contract/asset.ts';
import type { HouseProfile } from '../../contract/profile.ts';

const MAX_TILES = 60;
const COLUMNS = 10;
const TILE_HEIGHT = 90;

export interface FilmstripPlan extends Filmstrip {
  everyFrames: number;
}

/** At most 60 tiles over the whole length, at least a second apart (a single tile for shorter pieces). */
export function planFilmstrip(profile: HouseProfile, frames: number): FilmstripPlan {
  const everyFrames = Math.max(profile.fps, Math.ceil(frames / MAX_TILES));
  const tiles = Math.ceil(frames / everyFrames);
  const columns = Math.min(COLUMNS, tiles);
  return {
    everyFrames,
    everySeconds: everyFrames / profile.fps,
    tiles,
    columns,
    rows: Math.ceil(tiles / columns),
    tileHeight: TILE_HEIGHT,
    tileWidth: Math.round((TILE_HEIGHT * profile.width) / profile.height / 2) * 2,
  };
}

/** The frame that stands for the asset: a third into its longest stretch that is not black. */
export function posterFrame(profile: HouseProfile, frames: number, black: readonly Stretch[]): number {
  const end = frames / profile.fps;
  const edges = [...black].sort((a, b) => a.fromSeconds - b.fromSeconds);
  const bright: Stretch[] = [];
  let from = 0;
  for (const stretch of edges) {
    bright.push({ fromSeconds: from, toSeconds: stretch.fromSeconds });
    from = stretch.toSeconds;
  }
  bright.push({ fromSeconds: from, toSeconds: end });
  const length = (stretch: Stretch) => stretch.toSeconds - stretch.fromSeconds;
  const longest = bright.reduce((best, stretch) => (length(stretch) > length(best) ? stretch : best));
  const seconds = longest.fromSeconds + Math.max(0, length(longest)) / 3;
  return Math.min(frames - 1, Math.round(seconds * profile.fps));
}
