import { create } from 'zustand';
import type { Decision } from '../../../core/contract/control-api.ts';

/** Editorial acts, newest first. */
export const useDecisions = create<{ decisions: Decision[] }>(() => ({ decisions: [] }));
