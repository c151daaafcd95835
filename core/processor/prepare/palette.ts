import sharp from 'sharp';
import type { Filmstrip } from '../../contract/asset.ts';

export interface Palette {
  /** `#rrggbb` */
  averageColour: string;
  /** Up to five, the most common first. */
  palette: string[];
}

/** Size to which each tile of the filmstrip is reduced for counting. */
const CELL = { width: 16, height: 9 };
/** Colours nearer than this (in RGB) are one. */
const APART = 56;
const MOST = 5;
/** Below this share of the pixels a colour says nothing. */
const LEAST_SHARE = 0.01;

/**
 * Average and dominant colours of a filmstrip. `inside` is the share of each tile's width and height that the picture
 * covers: bars are no colour of the programme.
 */
export async function paletteOf(
  filmstripPath: string,
  strip: Filmstrip,
  inside: { width: number; height: number },
): Promise<Palette> {
  const { data, info } = await sharp(filmstripPath)
    .resize(strip.columns * CELL.width, strip.rows * CELL.height, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const buckets = new Map<number, [count: number, red: number, green: number, blue: number]>();
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  const within = (at: number, size: number, share: number) => Math.abs(at + 0.5 - size / 2) < (size * share) / 2;
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const tile = Math.floor(y / CELL.height) * strip.columns + Math.floor(x / CELL.width);
      if (tile >= strip.tiles || !within(x % CELL.width, CELL.width, inside.width)) continue;
      if (!within(y % CELL.height, CELL.height, inside.height)) continue;
      const at = (y * info.width + x) * info.channels;
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
      const bucket = buckets.get(key) ?? [0, 0, 0, 0];
      buckets.set(key, [bucket[0] + 1, bucket[1] + red, bucket[2] + green, bucket[3] + blue]);
      sum[0] += red;
      sum[1] += green;
      sum[2] += blue;
      count++;
    }
  }
  const means = [...buckets.values()].sort((a, b) => b[0] - a[0]).filter((bucket) => bucket[0] >= count * LEAST_SHARE);
  const chosen: [number, number, number][] = [];
  for (const [n, red, green, blue] of means) {
    const colour: [number, number, number] = [red / n, green / n, blue / n];
    if (chosen.length < MOST && chosen.every((other) => distance(other, colour) >= APART)) chosen.push(colour);
  }
  const pixels = Math.max(1, count);
  return { averageColour: hex([sum[0] / pixels, sum[1] / pixels, sum[2] / pixels]), palette: chosen.map(hex) };
}

type Colour = readonly [number, number, number];

function distance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function hex(colour: Colour): string {
  return `#${colour.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}
