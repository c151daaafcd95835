/**
 * Life of a process that outlives the host (broadcaster, origin), as this host sees it.
 *
 *   idle ─want→ attaching ─attached→ attached ─lost→ losing ─dead→ attaching
 *   attaching ─absent→ spawning ─attached→ attached        spawning ─failed→ backing_off ─retry→ attaching
 *   losing ─looped→ backing_off (it dies again and again)   any but idle ─unwant→ stopping ─dead→ idle
 */
export type DetachedState = 'idle' | 'attaching' | 'spawning' | 'attached' | 'losing' | 'backing_off' | 'stopping';

export type DetachedEvent =
  | 'want'
  | 'unwant'
  /** Hello was answered. */
  | 'attached'
  /** No run file, or nobody behind it. */
  | 'absent'
  /** The spawned process died or stayed mute until the deadline. */
  | 'failed'
  /** The control socket closed. */
  | 'lost'
  /** The process is gone for certain. */
  | 'dead'
  /** The process is gone, for the second time within seconds. */
  | 'looped'
  | 'retry';

const EDGES: Readonly<Record<DetachedState, Partial<Record<DetachedEvent, DetachedState>>>> = {
  idle: { want: 'attaching' },
  attaching: { attached: 'attached', absent: 'spawning', unwant: 'stopping' },
  spawning: { attached: 'attached', failed: 'backing_off', unwant: 'stopping' },
  attached: { lost: 'losing', unwant: 'stopping' },
  losing: { dead: 'attaching', looped: 'backing_off', unwant: 'stopping' },
  backing_off: { retry: 'attaching', unwant: 'stopping' },
  stopping: { dead: 'idle' },
};

/** The state after an event; an event that means nothing in a state leaves it as it is. */
export function nextDetached(state: DetachedState, event: DetachedEvent): DetachedState {
  return EDGES[state][event] ?? state;
}
