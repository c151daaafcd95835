import { StudioError } from '../core/contract/errors.ts';
import { PLAN_STATES, type PlanState } from '../core/contract/plan-state.ts';

/** The states that a person named; undefined when none were. Throws `BAD_ARGUMENT` with the list of states. */
export function parsePlanStates(named: readonly string[] | undefined): PlanState[] | undefined {
  return named?.map((text) => {
    const state = PLAN_STATES.find((known) => known === text);
    if (!state) throw new StudioError('BAD_ARGUMENT', `"${text}" is no plan state; they are ${PLAN_STATES.join(', ')}`);
    return state;
  });
}
