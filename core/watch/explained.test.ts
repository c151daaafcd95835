import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QaReport } from '../contract/asset.ts';
import { type AiredStretch, AirHistory } from './air-history.ts';
import { explanation } from './explained.ts';

const loudness = { integratedLufs: null, truePeakDbtp: null, rangeLu: null };
const report: QaReport = {
  source: { container: 'mov', durationSeconds: 60, video: null, audio: null, notes: [] },
  ...{ black: [{ fromSeconds: 10, toSeconds: 20 }], frozen: [], silent: [{ fromSeconds: 0, toSeconds: 5 }] },
  ...{ interlaced: false, loudnessBefore: loudness, loudnessAfter: loudness, vmafMean: null, vmafMin: null },
  ...{ averageColour: null, palette: [], warnings: [] },
};
const aired = (fromSeconds: number, toSeconds: number, held = false): AiredStretch[] => [
  { kind: 'asset', assetId: 'a', fromSeconds, toSeconds, held },
];
const of = (): QaReport => report;

test('a certificate excuses what it names, where it names it', () => {
  assert.match(explanation('black', aired(12, 14), of) ?? '', /black there/);
  assert.match(explanation('black', aired(20.5, 22), of) ?? '', /black there/);
  assert.equal(explanation('black', aired(30, 34), of), null);
  assert.equal(explanation('silent', aired(30, 34), of), null);
  assert.match(explanation('silent', aired(30, 34, true), of) ?? '', /silent there/);
  assert.match(explanation('frozen', aired(12, 14), of) ?? '', /frozen there/);
});

test('house pieces and unreadable certificates excuse too', () => {
  const house: AiredStretch = { kind: 'emergency', assetId: null, fromSeconds: 0, toSeconds: 1, held: false };
  assert.match(explanation('frozen', [...aired(30, 34), house], of) ?? '', /house piece/);
  assert.match(explanation('frozen', aired(30, 34), () => null) ?? '', /cannot be read/);
});

function status(atMs: number, assetId: string, positionFrames: number): Parameters<AirHistory['note']>[0] {
  return { atMs, hold: false, program: { kind: 'asset', assetId, positionFrames } };
}

test('the history knows which part of what was on air, and that it does not know what came before it', () => {
  const history = new AirHistory();
  history.note(status(1_000, 'a', 30), 30);
  history.note(status(2_000, 'a', 60), 30);
  history.note(status(3_000, 'b', 0), 30);
  assert.deepEqual(history.between(1_500, 3_500), [
    { kind: 'asset', assetId: 'a', fromSeconds: 1, toSeconds: 2, held: false },
    { kind: 'asset', assetId: 'a', fromSeconds: 2, toSeconds: 3, held: false },
    { kind: 'asset', assetId: 'b', fromSeconds: 0, toSeconds: 0.5, held: false },
  ]);
  assert.equal(history.between(500, 2_500), null);
  // Set back by an hour: what was before is no longer comparable.
  history.note(status(-3_600_000, 'b', 30), 30);
  assert.equal(history.between(1_500, 3_500)?.length, 1);
});
