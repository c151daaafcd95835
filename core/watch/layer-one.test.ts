import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DestinationStatus } from '../contract/destination.ts';
import { LayerOne } from './layer-one.ts';

const base: DestinationStatus = {
  ...{ id: 'a', name: 'a', maskedUrl: 'x', builtIn: false, state: 'live', sinceMs: 0, bitrateKbps: 1, reconnects: 0 },
  ...{ droppedGops: 0, retryAtMs: null, lastError: null },
};
const at = (change: Partial<DestinationStatus>, engineStartedAtMs = 1) => ({
  ...{ engineStartedAtMs, destinations: [{ ...base, ...change }] },
});

test('from the loss to the first media again', () => {
  const layer = new LayerOne();
  assert.deepEqual(layer.note(at({ state: 'connecting', sinceMs: 500 })), []);
  assert.deepEqual(layer.note(at({ sinceMs: 1_500 })), []);
  assert.deepEqual(layer.note(at({ state: 'connecting', sinceMs: 5_000, reconnects: 1 })), []);
  assert.deepEqual(layer.note(at({ state: 'backing_off', sinceMs: 5_200, reconnects: 1 })), []);
  assert.deepEqual(layer.note(at({ sinceMs: 5_900, reconnects: 2 })), [
    { layer: 1, watchdog: 'destination:a', fromMs: 5_000, recoveryMs: 900, action: null },
  ]);
  assert.deepEqual(layer.note(at({ sinceMs: 5_900, reconnects: 2 })), []);
});

test('what was switched off, or belongs to an engine before, has not recovered', () => {
  const layer = new LayerOne();
  layer.note(at({}));
  layer.note(at({ state: 'disabled', sinceMs: 2_000 }));
  layer.note(at({ state: 'connecting', sinceMs: 3_000 }));
  assert.deepEqual(layer.note(at({ sinceMs: 4_000 })), []);
  layer.note(at({ state: 'stalled', sinceMs: 5_000 }));
  assert.deepEqual(layer.note(at({ sinceMs: 6_000 }, 2)), []);
});
