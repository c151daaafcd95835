import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUSE_PIECES } from './house-pieces.ts';
import { FIELD_HEIGHT, FIELD_WIDTH, renderLightField } from './light-field.ts';

const PIXELS = FIELD_WIDTH * FIELD_HEIGHT * 3;
const FRAMES = 60;

/** Mean difference of two frames, in steps of eight bits. */
function difference(field: Uint16Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < PIXELS; i += 1) sum += Math.abs((field[a * PIXELS + i] ?? 0) - (field[b * PIXELS + i] ?? 0));
  return sum / PIXELS / 257;
}

test('the light of every piece moves in each frame, and its last frame leads into its first', async () => {
  for (const { name, lights } of HOUSE_PIECES) {
    const bytes = await renderLightField(lights, FRAMES);
    const field = new Uint16Array(bytes.buffer);
    assert.equal(field.length, PIXELS * FRAMES);
    const steps = Array.from({ length: FRAMES }, (_, frame) => difference(field, frame, (frame + 1) % FRAMES));
    const seam = steps.at(-1) ?? Number.NaN;
    assert.ok(Math.min(...steps) > 0.01, `${name} stands still`);
    assert.ok(seam <= Math.max(...steps.slice(0, -1)) * 1.05, `${name} jumps at its seam`);
  }
});
