import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAN_EDGES, PLAN_STATES, transitionPlan } from './plan-state.ts';

test('every pair of states: the edges of the table and standing still pass, everything else is a conflict', () => {
  for (const from of PLAN_STATES)
    for (const to of PLAN_STATES) {
      if (from === to || PLAN_EDGES[from].includes(to)) assert.equal(transitionPlan(from, to), to);
      else assert.throws(() => transitionPlan(from, to), { code: 'CONFLICT', detail: { from, to } });
    }
});

test('every state can be reached from planned, and every state can be left', () => {
  const reached = new Set(['planned']);
  for (const state of reached)
    for (const next of PLAN_STATES.filter((to) => PLAN_STATES.some((s) => s === state && PLAN_EDGES[s].includes(to))))
      reached.add(next);
  assert.deepEqual([...reached].sort(), [...PLAN_STATES].sort());
  for (const state of PLAN_STATES) assert.ok(PLAN_EDGES[state].length > 0, state);
});
