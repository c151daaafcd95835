import { create } from 'zustand';
import type { Incident } from '../../../core/contract/control-api.ts';

export const useIncidents = create<{ incidents: Incident[] }>(() => ({ incidents: [] }));
