import { covers, type Face, type Faces, setLine } from './glyph-outlines.ts';

/** Smallest size a line is shrunk to before it is cut, as a part of its size. */
const SMALLEST_FIT = 0.6;
const ELLIPSIS = '…';

interface Run {
  readonly text: string;
  readonly fill: string;
}

/**
 * Turns a card of `resources/emergency` into an SVG without text: `{{channel}}` is replaced by the channel's name, lines
 * wider than their `data-fit` shrink and then end in an ellipsis, and every `<text>` becomes outlines, so that the
 * picture is the same on a machine without fonts. A line with characters that the outlines lack stays text and takes
 * the system's fonts.
 */
export function cardSvg(template: string, faces: Faces, channelName: string): string {
  const name = channelName.replace(/\s+/g, ' ').trim();
  return template.replace(/<text\b([^>]*)>([\s\S]*?)<\/text>/g, (_whole, attributeText: string, inner: string) => {
    const attributes = parseAttributes(attributeText);
    const face = faces[attributes['font-weight'] === '400' ? '400' : '600'];
    const runs = parseRuns(inner, attributes['fill'] ?? '#ffffff').map((run) => ({
      ...run,
      text: unescapeXml(run.text).replaceAll('{{channel}}', name),
    }));
    return covers(face, runs.map((run) => run.text).join(''))
      ? outlines(face, runs, attributes)
      : systemText(runs, attributes);
  });
}

function outlines(face: Face, runs: Run[], attributes: Record<string, string>): string {
  const size = Number(attributes['font-size'] ?? 24);
  const fit = Number(attributes['data-fit'] ?? Number.POSITIVE_INFINITY) * (face.unitsPerEm / size);
  const whole = runs.map((run) => run.text).join('');
  const shrink = Math.min(1, Math.max(SMALLEST_FIT, fit / setLine(face, whole).width));
  const text = cut(face, whole, fit / shrink);
  const { glyphs, width } = setLine(face, text);
  const scale = (size * shrink) / face.unitsPerEm;
  const x = Number(attributes['x'] ?? 0) - (attributes['text-anchor'] === 'middle' ? (width * scale) / 2 : 0);
  const fills = runs.flatMap((run) => [...run.text].map(() => run.fill));
  const paths = glyphs
    .map((glyph, index) => ({ ...glyph, fill: fills[index] ?? fills.at(-1) ?? '#ffffff' }))
    .filter((glyph) => glyph.path !== '')
    .map((glyph) => `<path transform="translate(${glyph.x} 0)" fill="${glyph.fill}" d="${glyph.path}"/>`);
  return `<g transform="translate(${x} ${attributes['y'] ?? 0}) scale(${scale})">${paths.join('')}</g>`;
}

/** The longest beginning that fits, with an ellipsis when something had to go. Width in font units. */
function cut(face: Face, text: string, width: number): string {
  if (setLine(face, text).width <= width) return text;
  const characters = [...text];
  while (characters.length > 1) {
    characters.pop();
    const candidate = `${characters.join('').trimEnd()}${ELLIPSIS}`;
    if (setLine(face, candidate).width <= width) return candidate;
  }
  return ELLIPSIS;
}

/** Average advance of a letter in fonts we do not know, in parts of the size; wide scripts take a whole one. */
const UNKNOWN_ADVANCE = 0.95;

function systemText(runs: Run[], attributes: Record<string, string>): string {
  const size = Number(attributes['font-size'] ?? 24);
  const fit = Number(attributes['data-fit'] ?? Number.POSITIVE_INFINITY);
  const characters = runs.flatMap((run) => [...run.text]);
  const shrink = Math.min(1, Math.max(SMALLEST_FIT, fit / (characters.length * size * UNKNOWN_ADVANCE)));
  const room = Math.floor(fit / (size * shrink * UNKNOWN_ADVANCE));
  const text = characters.length > room ? `${characters.slice(0, room - 1).join('')}${ELLIPSIS}` : characters.join('');
  const anchor = attributes['text-anchor'] ?? 'start';
  const fill = runs.at(0)?.fill ?? '#ffffff';
  return (
    `<text x="${attributes['x'] ?? 0}" y="${attributes['y'] ?? 0}" font-family="sans-serif" font-weight="600" ` +
    `font-size="${size * shrink}" fill="${fill}" text-anchor="${anchor}">${escapeXml(text)}</text>`
  );
}

function parseAttributes(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
}

/** Pieces of a line with their colours: plain text and `<tspan fill="…">`. */
function parseRuns(inner: string, fill: string): Run[] {
  return [...inner.matchAll(/<tspan\b([^>]*)>([^<]*)<\/tspan>|([^<]+)/g)].map(([, attributes, spanned, plain]) =>
    plain === undefined
      ? { text: spanned ?? '', fill: parseAttributes(attributes ?? '')['fill'] ?? fill }
      : { text: plain, fill },
  );
}

function escapeXml(text: string): string {
  const safe = text.replace(/[\u0000-\u001f\ufffe\uffff]/g, '');
  return safe.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
