import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DetachedEvent, type DetachedState, nextDetached } from './detached-state.ts';

const STATES: readonly DetachedState[] = [
  'idle',
  'attaching',
  'spawning',
  'attached',
  'losing',
  'backing_off',
  'stopping',
];
const EVENTS: readonly DetachedEvent[] = [
  'want',
  'unwant',
  'attached',
  'absent',
  'failed',
  'lost',
  'dead',
  'looped',
  'retry',
];
const EDGES: ReadonlyArray<[DetachedState, DetachedEvent, DetachedState]> = [
  ['idle', 'want', 'attaching'],
  ['attaching', 'attached', 'attached'],
  ['attaching', 'absent', 'spawning'],
  ['attaching', 'unwant', 'stopping'],
  ['spawning', 'attached', 'attached'],
  ['spawning', 'failed', 'backing_off'],
  ['spawning', 'unwant', 'stopping'],
  ['attached', 'lost', 'losing'],
  ['attached', 'unwant', 'stopping'],
  ['losing', 'dead', 'attaching'],
  ['losing', 'looped', 'backing_off'],
  ['losing', 'unwant', 'stopping'],
  ['backing_off', 'retry', 'attaching'],
  ['backing_off', 'unwant', 'stopping'],
  ['stopping', 'dead', 'idle'],
];

test('every edge, and nothing but these edges', () => {
  for (const state of STATES)
    for (const event of EVENTS) {
      const edge = EDGES.find(([from, on]) => from === state && on === event);
      assert.equal(nextDetached(state, event), edge ? edge[2] : state, `${state} on ${event}`);
    }
});
