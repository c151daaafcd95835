import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';

const faceSchema = z.object({
  unitsPerEm: z.number().positive(),
  capHeight: z.number().positive(),
  /** Character → advance width and SVG path, in font units, y downwards from the baseline. */
  glyphs: z.record(z.string(), z.tuple([z.number(), z.string()])),
  /** Two characters → correction of the first one's advance. */
  kern: z.record(z.string(), z.number()),
});
export type Face = z.infer<typeof faceSchema>;

const facesSchema = z.object({ '400': faceSchema, '600': faceSchema });
export type Faces = z.infer<typeof facesSchema>;

/** Reads the outlines of `resources/emergency/inter-outlines.json.gz`. Throws when they are missing or damaged. */
export async function loadFaces(path: string): Promise<Faces> {
  const text = (await promisify(gunzip)(await readFile(path))).toString('utf8');
  return facesSchema.parse(JSON.parse(text));
}

/** Can every character be drawn? */
export function covers(face: Face, text: string): boolean {
  return [...text].every((character) => character in face.glyphs);
}

/** A glyph of a line and where its origin lies, in font units from the start of the line. */
export interface PlacedGlyph {
  readonly character: string;
  readonly path: string;
  readonly x: number;
}

/** Sets one line. Characters the face lacks are left out: ask `covers` first. Width in font units. */
export function setLine(face: Face, text: string): { glyphs: PlacedGlyph[]; width: number } {
  const glyphs: PlacedGlyph[] = [];
  let x = 0;
  let previous = '';
  for (const character of text) {
    const glyph = face.glyphs[character];
    if (!glyph) continue;
    x += face.kern[previous + character] ?? 0;
    glyphs.push({ character, path: glyph[1], x });
    x += glyph[0];
    previous = character;
  }
  return { glyphs, width: x };
}
