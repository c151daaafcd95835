import { create } from 'zustand';
import type { BroadcasterStatus } from '../../../core/contract/broadcaster-status.ts';

interface StatusStore {
  status: BroadcasterStatus | null;
  /** When it came in, by this page's clock. */
  receivedAtMs: number;
}

export const useStatus = create<StatusStore>(() => ({ status: null, receivedAtMs: 0 }));
