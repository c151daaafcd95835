import assert from 'node:assert/strict';
import { test } from 'node:test';
import { airState, isLive, positionFramesNow } from './air-state.ts';

const connected = { phase: 'connected' } as const;

test('without a connection nothing is on air as far as this page knows', () => {
  const lost = { phase: 'lost', attempt: 1, sinceMs: 0, retryAtMs: 0 } as const;
  assert.equal(airState(lost, { air: 'on_air' }, { emergency: false }), 'lost');
  assert.equal(airState({ phase: 'connecting' }, null, null), 'connecting');
  assert.equal(isLive('lost'), false);
});

test('the newer of channel and status decides between program and emergency', () => {
  assert.equal(airState(connected, { air: 'on_air' }, { emergency: true }), 'emergency');
  assert.equal(airState(connected, { air: 'emergency' }, { emergency: false }), 'on_air');
  assert.equal(airState(connected, { air: 'unreachable' }, { emergency: true }), 'unreachable');
  assert.equal(airState(connected, { air: 'off' }, null), 'off');
});

test('the position runs on between two reports, but neither past the end nor for ever', () => {
  const program = { positionFrames: 300, totalFrames: 330 };
  assert.equal(positionFramesNow(program, 1000, 1500, 30), 315);
  assert.equal(positionFramesNow(program, 1000, 9000, 30), 330);
  assert.equal(positionFramesNow({ positionFrames: 300, totalFrames: 9000 }, 1000, 61_000, 30), 420);
  assert.equal(positionFramesNow(program, 1000, 900, 30), 300);
});
