import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_FAILURES, nextSupervision, type SupervisionEvent, type SupervisionState } from './supervision-state.ts';

const EVENTS: readonly SupervisionEvent[] = ['start', 'ready', 'stable', 'exit', 'retry', 'stop'];
const show = (state: SupervisionState): string => state.name + ('failures' in state ? `(${state.failures})` : '');

/** Every edge that leads elsewhere; all other pairs of state and event stay where they are. */
const EDGES: ReadonlyArray<[SupervisionState, SupervisionEvent, string]> = [
  [{ name: 'stopped' }, 'start', 'starting(0)'],
  [{ name: 'starting', failures: 2 }, 'ready', 'running(2)'],
  [{ name: 'starting', failures: 2 }, 'exit', 'backing_off(3)'],
  [{ name: 'starting', failures: 2 }, 'stop', 'stopping'],
  [{ name: 'running', failures: 2 }, 'stable', 'running(0)'],
  [{ name: 'running', failures: 2 }, 'exit', 'backing_off(3)'],
  [{ name: 'running', failures: 2 }, 'stop', 'stopping'],
  [{ name: 'backing_off', failures: 2 }, 'retry', 'starting(2)'],
  [{ name: 'backing_off', failures: 2 }, 'stop', 'stopped'],
  [{ name: 'given_up', failures: MOST_FAILURES }, 'start', 'starting(0)'],
  [{ name: 'given_up', failures: MOST_FAILURES }, 'stop', 'stopped'],
  [{ name: 'stopping' }, 'exit', 'stopped'],
];

test('every edge, and nothing but these edges', () => {
  const states = [...new Map(EDGES.map(([state]) => [state.name, state])).values()];
  for (const state of states)
    for (const event of EVENTS) {
      const edge = EDGES.find(([from, on]) => from.name === state.name && on === event);
      assert.equal(show(nextSupervision(state, event)), edge ? edge[2] : show(state), `${show(state)} on ${event}`);
    }
});

test('gives up after too many crashes in a row', () => {
  const last = MOST_FAILURES - 1;
  assert.equal(show(nextSupervision({ name: 'running', failures: last }, 'exit')), `given_up(${MOST_FAILURES})`);
  assert.equal(show(nextSupervision({ name: 'starting', failures: last }, 'exit')), `given_up(${MOST_FAILURES})`);
});
