import { create } from 'zustand';
import type { Channel } from '../../../core/contract/control-api.ts';

/** The channel as the host last described it; null before the first snapshot. */
export const useChannel = create<{ channel: Channel | null }>(() => ({ channel: null }));
