import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderSoundBed } from './sound-bed.ts';

test('the end of the bed runs into its start without a step, and it has no offset', async () => {
  const samples = 48_000 * 5;
  const bytes = await renderSoundBed(samples, 4096);
  const sound = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const at = (n: number, channel: number): number => sound[2 * n + channel] ?? Number.NaN;
  for (const channel of [0, 1]) {
    for (let n = 0; n < 4096; n += 1) assert.ok(Math.abs(at(samples + n, channel) - at(n, channel)) < 1e-6);
    let largest = 0;
    let sum = 0;
    for (let n = 1; n < samples; n += 1) {
      largest = Math.max(largest, Math.abs(at(n, channel) - at(n - 1, channel)));
      sum += at(n, channel);
    }
    assert.ok(Math.abs(at(0, channel) - at(samples - 1, channel)) <= largest);
    assert.ok(Math.abs(sum / samples) < 1e-4);
  }
});
