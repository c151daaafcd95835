import { connectionChanged } from '../state/connection-store.ts';
import type { StudioClient } from './studio-link.ts';
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
    link = new StudioLink({ url: url.href, onState: connectionChanged, onEvent });
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
