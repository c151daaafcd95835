import sharp from 'sharp';
import type { Face } from './glyph-outlines.ts';

const PROBE_PIXELS = 160;
/** Characters that no font draws: private use, one in the basic plane and one beyond, whose boxes have other sizes. */
const UNDRAWABLE = { basic: '\uf3ff', beyond: '\u{10fffd}' } as const;

/**
 * The channel's name without what would come out as empty boxes: characters that neither our outlines nor the fonts
 * of this machine have. May be empty. Whether a system font has a character is found by drawing it: missing ones all get
 * the same box (and on a machine without fonts everything does).
 */
export async function drawableName(face: Face, name: string): Promise<string> {
  const unknown = new Set([...name].filter((character) => !(character in face.glyphs) && character.trim() !== ''));
  if (unknown.size === 0) return name;
  const [basic, beyond] = await Promise.all([drawnBox(UNDRAWABLE.basic), drawnBox(UNDRAWABLE.beyond)]);
  const missing = new Set<string>();
  for (const character of unknown) {
    const box = await drawnBox(character);
    if (box !== '' && box === (character.length > 1 ? beyond : basic)) missing.add(character);
  }
  return missing.size === 0 ? name : without(name, missing);
}

/** Leaves characters out, with the accents on them, and what then stands forlorn at either end ("& Co"). */
function without(name: string, missing: ReadonlySet<string>): string {
  let dropped = false;
  const kept = [...name].filter((character) => {
    dropped = missing.has(character) || (dropped && /\p{M}/u.test(character));
    return !dropped;
  });
  return kept
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/^[\s\p{M}\p{P}]+|[\s\p{Pd}&,·|]+$/gu, '');
}

/** Where the system draws a character: `left top right bottom` in pixels; empty when nothing is drawn. */
async function drawnBox(character: string): Promise<string> {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PROBE_PIXELS}" height="${PROBE_PIXELS}">` +
    `<text x="30" y="110" font-family="sans-serif" font-weight="600" font-size="80">&#${character.codePointAt(0)};</text></svg>`;
  if (!isXmlCharacter(character)) return '';
  const alpha = await sharp(Buffer.from(svg)).ensureAlpha().extractChannel(3).raw().toBuffer();
  let [left, top, right, bottom] = [PROBE_PIXELS, PROBE_PIXELS, -1, -1];
  for (const [i, value] of alpha.entries()) {
    if (value === 0) continue;
    const x = i % PROBE_PIXELS;
    const y = Math.floor(i / PROBE_PIXELS);
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return right < 0 ? '' : `${left} ${top} ${right} ${bottom}`;
}

/** XML 1.0 §2.2: control characters, lone surrogates and two more cannot even be named. */
function isXmlCharacter(character: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(character);
}
