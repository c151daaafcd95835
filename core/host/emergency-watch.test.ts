import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broadcasterStatusSchema } from '../contract/broadcaster-status.ts';
import { EmergencyWatch } from './emergency-watch.ts';

const counters = Object.fromEntries(
  ['splices', 'crossfades', 'takes', 'videoFrames', 'videoGaps', 'audioGaps', 'silentFillFrames', 'damagedPieces']
    .concat(['avResidualMs', 'worstTickLatenessMs', 'loopDelayP99Ms', 'rssBytes', 'previewClients'])
    .map((name) => [name, 0]),
);

function status(mode: 'program' | 'emergency' | 'slate', atMs: number, emergency = false) {
  return broadcasterStatusSchema.parse({
    ...{ atMs, pid: 1, onAirSinceMs: 0, engineStartedAtMs: 0, mode, emergency, hold: false, program: null, next: null },
    ...{ bufferMs: 0, destinations: [], fanoutPort: 1, counters: { ...counters, cpuPercent: null, outputKbps: null } },
  });
}

test('the emergency loop is a fault once it lasts, and over with the programme', () => {
  const said: string[] = [];
  const watch = new EmergencyWatch(
    { open: (code, subject, message) => said.push(`${code} ${subject}: ${message}`), resolve: () => said.push('over') },
    'main',
  );
  watch.take(status('program', 0));
  assert.deepEqual(said.splice(0), ['over'], 'what an earlier host left open ends');
  watch.take(status('emergency', 1000, true));
  watch.take(status('program', 2000));
  assert.deepEqual(said, [], 'a moment of it is no fault');
  for (const atMs of [3000, 5000, 6000, 9000]) watch.take(status('slate', atMs));
  assert.deepEqual(said.splice(0), ['emergency_on_air main: Nothing else can air: the slate is on air.']);
  watch.take(null);
  assert.deepEqual(said, [], 'nobody knows what airs');
  watch.take(status('program', 12_000));
  assert.deepEqual(said, ['over']);
});
