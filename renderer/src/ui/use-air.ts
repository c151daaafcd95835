import { type AirState, airState, isLive, STATUS_FRESH_MS } from '../state/air-state.ts';
import { useChannel } from '../state/channel-store.ts';
import { useConnection } from '../state/connection-store.ts';
import { useStatus } from '../state/status-store.ts';

/** What the lamp says. */
export function useAir(): AirState {
  const link = useConnection((store) => store.link);
  const channel = useChannel((store) => store.channel);
  const status = useStatus((store) => store.status);
  return airState(link, channel, status);
}

/** True when the broadcaster's figures are from just now; `nowMs` is this page's clock. */
export function useFresh(nowMs: number): boolean {
  const air = useAir();
  const receivedAtMs = useStatus((store) => store.receivedAtMs);
  return isLive(air) && nowMs - receivedAtMs < STATUS_FRESH_MS;
}
