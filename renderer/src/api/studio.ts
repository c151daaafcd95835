import { connectionChanged, connectionRefused } from '../state/connection-store.ts';
import type { LinkState, StudioClient } from './studio-link.ts';
import { StudioLink } from './studio-link.ts';

let link: StudioLink | null = null;

/** The one connection of this page. */
export const studio = {
  /** Null while there is no connection. */
  get client(): StudioClient | null {
    return link?.client ?? null;
  },

  /** Connects to the host that served this page and feeds the stores from then on. */
  start(onEvent: ConstructorParameters<typeof StudioLink>[0]['onEvent']): void {
    const url = new URL('/api', window.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    link = new StudioLink({ url: url.href, onState: stateChanged, onEvent });
    link.start();
    window.addEventListener('online', () => link?.retryNow());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) link?.retryNow();
    });
  },

  retryNow(): void {
    link?.retryNow();
  },
};

function stateChanged(state: LinkState): void {
  connectionChanged(state);
  if (state.phase === 'lost') void askWhetherRefused();
}

/** A WebSocket that fails does not say why: a plain request tells a host that refuses this browser from one that is away. */
async function askWhetherRefused(): Promise<void> {
  try {
    const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' });
    connectionRefused(answer.status === 401);
  } catch {
    connectionRefused(false);
  }
}
