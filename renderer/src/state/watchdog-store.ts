import { create } from 'zustand';
import type { WatchdogStatus } from '../../../core/contract/watchdog.ts';

/** Null: not told yet. */
export const useWatchdog = create<{ watchdog: WatchdogStatus | null }>(() => ({ watchdog: null }));
