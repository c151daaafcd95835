/**
 * Life of one forked daemon. `failures` counts crashes in a row: it goes back to 0 once the daemon has run for a stable minute.
 *
 *   stopped ─start→ starting ─ready→ running ─stable→ running(0)
 *   starting|running ─exit→ backing_off ─retry→ starting      (or given_up after too many failures in a row)
 *   starting|running ─stop→ stopping ─exit→ stopped           backing_off|given_up ─stop→ stopped
 *   given_up ─start→ starting(0)
 */
export type SupervisionState =
  | { readonly name: 'stopped' }
  | { readonly name: 'starting'; readonly failures: number }
  | { readonly name: 'running'; readonly failures: number }
  | { readonly name: 'backing_off'; readonly failures: number }
  | { readonly name: 'given_up'; readonly failures: number }
  | { readonly name: 'stopping' };

export type SupervisionEvent = 'start' | 'ready' | 'stable' | 'exit' | 'retry' | 'stop';

/** Crashes in a row after which a daemon is given up and an incident is opened. */
export const MOST_FAILURES = 8;

/** The state after an event, or the same state when the event means nothing in it. */
export function nextSupervision(state: SupervisionState, event: SupervisionEvent): SupervisionState {
  switch (state.name) {
    case 'stopped':
      return event === 'start' ? { name: 'starting', failures: 0 } : state;
    case 'starting':
      if (event === 'ready') return { name: 'running', failures: state.failures };
      if (event === 'exit') return afterCrash(state.failures + 1);
      return event === 'stop' ? { name: 'stopping' } : state;
    case 'running':
      if (event === 'stable') return { name: 'running', failures: 0 };
      if (event === 'exit') return afterCrash(state.failures + 1);
      return event === 'stop' ? { name: 'stopping' } : state;
    case 'backing_off':
      if (event === 'retry') return { name: 'starting', failures: state.failures };
      return event === 'stop' ? { name: 'stopped' } : state;
    case 'given_up':
      if (event === 'start') return { name: 'starting', failures: 0 };
      return event === 'stop' ? { name: 'stopped' } : state;
    case 'stopping':
      return event === 'exit' ? { name: 'stopped' } : state;
  }
}

function afterCrash(failures: number): SupervisionState {
  return failures >= MOST_FAILURES ? { name: 'given_up', failures } : { name: 'backing_off', failures };
}
