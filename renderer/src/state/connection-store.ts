import { create } from 'zustand';
import type { LinkState } from '../api/studio-link.ts';

interface ConnectionStore {
  link: LinkState;
  /** True once a snapshot came in this visit: what is on the screen is then at least "last known". */
  everConnected: boolean;
  /** The host answers but does not let this browser in. */
  refused: boolean;
}

export const useConnection = create<ConnectionStore>(() => ({
  link: { phase: 'connecting' },
  everConnected: false,
  refused: false,
}));

/** Takes the state of the link into the store. */
export function connectionChanged(link: LinkState): void {
  useConnection.setState((before) => ({
    link,
    everConnected: before.everConnected || link.phase === 'connected',
    refused: link.phase === 'lost' && before.refused,
  }));
}

/** Notes whether the host, though it answers, does not let this browser in. */
export function connectionRefused(refused: boolean): void {
  useConnection.setState((before) => ({ refused: refused && before.link.phase === 'lost' }));
}
