import type { Filmstrip } from '../../../core/contract/asset.ts';

/**
 * CSS background that fills a box of the tiles' shape with the tile at `atSeconds`; times outside the strip give its
 * first or last tile. `url` is the sprite. Positions are percentages, so the box may have any size.
 */
export function filmstripTile(url: string, filmstrip: Filmstrip, atSeconds: number): string {
  const { columns, rows, tiles, everySeconds } = filmstrip;
  const tile = Math.max(0, Math.min(tiles - 1, Math.floor(atSeconds / everySeconds)));
  const x = columns > 1 ? ((tile % columns) / (columns - 1)) * 100 : 0;
  const y = rows > 1 ? (Math.floor(tile / columns) / (rows - 1)) * 100 : 0;
  return `url("${url}") ${x}% ${y}% / ${columns * 100}% ${rows * 100}% no-repeat`;
}
