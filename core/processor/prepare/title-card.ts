import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { HouseProfile } from '../../contract/profile.ts';
import { cardSvg } from '../house/card-svg.ts';
import { drawableName } from '../house/drawable-name.ts';
import { loadFaces } from '../house/glyph-outlines.ts';

const OUTLINES = fileURLToPath(new URL('../../../resources/emergency/inter-outlines.json.gz', import.meta.url));

const MAX_LINES = 3;
const LINE_CHARACTERS = 28;

/**
 * Draws the picture for sound that has none: the title, in the house letters, on a quiet ground. Returns a PNG of the
 * house size. A line that is too long for the frame is cut.
 */
export async function renderTitleCard(profile: HouseProfile, title: string): Promise<Buffer> {
  const { width, height } = profile;
  const size = Math.round(height / 11);
  const faces = await loadFaces(OUTLINES);
  const lines = wrap(await drawableName(faces['600'], title));
  const top = height * 0.52 - ((lines.length - 1) * size * 1.25) / 2;
  const text = lines
    .map(
      (line, at) =>
        `<text x="${width * 0.09}" y="${top + at * size * 1.25}" font-size="${size}" font-weight="600" ` +
        `fill="#f2f4f8" data-fit="${width * 0.82}">${escapeXml(line)}</text>`,
    )
    .join('');
  const bars = Array.from({ length: 48 }, (_, at) => {
    const tall = height * (0.02 + 0.075 * Math.abs(Math.sin(at * 0.55) * Math.cos(at * 0.19)));
    const x = width * 0.09 + at * width * 0.0172;
    return `<rect x="${x}" y="${height * 0.8 - tall}" width="${width * 0.007}" height="${tall * 2}" rx="${width * 0.0035}"/>`;
  }).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="#1b2133"/><stop offset="1" stop-color="#0d1018"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>
    <rect x="${width * 0.09}" y="${height * 0.14}" width="${width * 0.07}" height="${height * 0.012}" fill="#e0483e"/>
    ${text}
    <g fill="#4a5878">${bars}</g>
  </svg>`;
  return sharp(Buffer.from(cardSvg(svg, faces, title)))
    .removeAlpha()
    .png()
    .toBuffer();
}

function wrap(title: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of title.trim().split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > LINE_CHARACTERS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  const shown = lines.slice(0, MAX_LINES).map((each) => [...each].slice(0, LINE_CHARACTERS + 4).join(''));
  return lines.length > MAX_LINES ? [...shown.slice(0, -1), `${shown.at(-1)}…`] : shown;
}

function escapeXml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return [...text]
    .filter((character) => character >= ' ')
    .map((character) => named[character] ?? character)
    .join('');
}
