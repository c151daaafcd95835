import { create } from 'zustand';
import type { AsRun } from '../../../core/contract/queue.ts';

/** What really aired, newest first. */
export const useAsRun = create<{ rows: AsRun[] }>(() => ({ rows: [] }));
