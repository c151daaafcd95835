import { create } from 'zustand';
import type { Pipeline } from '../../../core/contract/control-api.ts';

export const usePipeline = create<{ pipeline: Pipeline | null }>(() => ({ pipeline: null }));
