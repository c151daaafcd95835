import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AirFacts, airState } from './air-state.ts';

const off: AirFacts = { wanted: false, broadcaster: 'idle', status: null, seenOnAir: false };

test('the lamp tells what is, not what is hoped for', () => {
  assert.equal(airState(off), 'off');
  assert.equal(airState({ ...off, wanted: true }), 'starting');
  assert.equal(airState({ ...off, wanted: true, broadcaster: 'spawning' }), 'starting');
  assert.equal(airState({ ...off, wanted: true, broadcaster: 'losing', seenOnAir: true }), 'unreachable');
  assert.equal(airState({ ...off, wanted: true, broadcaster: 'backing_off' }), 'unreachable');
});
