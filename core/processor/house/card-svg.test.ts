import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { cardSvg } from './card-svg.ts';
import { drawableName } from './drawable-name.ts';
import { type Faces, loadFaces } from './glyph-outlines.ts';

const RESOURCES = join(import.meta.dirname, '..', '..', '..', 'resources', 'emergency');
const LINE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720" width="1280" height="720">{}</svg>';
const NAME = LINE.replace(
  '{}',
  '<text x="80" y="200" font-size="40" font-weight="600" fill="#ffffff" data-fit="600">{{channel}}</text>',
);

let faces: Faces;
before(async () => {
  faces = await loadFaces(join(RESOURCES, 'inter-outlines.json.gz'));
});

/** Bounding box of what is drawn. */
async function drawn(svg: string): Promise<{ left: number; right: number }> {
  const { data, info } = await sharp(Buffer.from(svg)).extractChannel(3).raw().toBuffer({ resolveWithObject: true });
  const columns = new Set<number>();
  for (const [i, alpha] of data.entries()) if (alpha > 0) columns.add(i % info.width);
  return { left: Math.min(...columns), right: Math.max(...columns) };
}

test('cards have no text left: they look the same on a machine without fonts', async () => {
  for (const name of ['emergency', 'error', 'slate']) {
    const svg = cardSvg(await readFile(join(RESOURCES, `${name}.svg`), 'utf8'), faces, 'Ελλάδα · Привет · Ðặng');
    assert.doesNotMatch(svg, /<text|\{\{/);
    assert.match(svg, /<path /);
  }
});

test('whatever the name, the card is a valid picture and the name stays in its place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 120 }), async (name) => {
      const svg = cardSvg(NAME, faces, name);
      const { width } = await sharp(Buffer.from(svg)).metadata();
      assert.equal(width, 1280);
    }),
    { numRuns: 40 },
  );
});

test('a long name shrinks, then ends in an ellipsis; it never runs out of its place', async () => {
  const short = await drawn(cardSvg(NAME, faces, 'Short'));
  assert.ok(short.left >= 80 && short.right < 300);
  for (const name of ['A name of some thirty letters ok', 'W'.repeat(200), 'a & b <c> "d" '.repeat(12)]) {
    const { left, right } = await drawn(cardSvg(NAME, faces, name));
    assert.ok(left >= 79 && right <= 681 && right > 500, `${left} to ${right}`);
  }
});

test('a name in another script takes the fonts of the system', () => {
  const svg = cardSvg(NAME, faces, '電視台 <&>');
  assert.match(svg, /<text [^>]*>電視台 &lt;&amp;&gt;<\/text>/);
});

test('characters that nothing here can draw are left out of the name, so that it never shows empty boxes', async () => {
  const face = faces['600'];
  assert.equal(await drawableName(face, 'Plain — Καλά'), 'Plain — Καλά');
  assert.equal(await drawableName(face, 'A \uf123 B \u{10fff0}'), 'A B');
  assert.equal(await drawableName(face, '\uf123'), '');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 8 }), async (name) => {
      assert.equal(typeof (await drawableName(face, name)), 'string');
    }),
    { numRuns: 20 },
  );
});
