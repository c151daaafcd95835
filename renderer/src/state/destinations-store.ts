import { create } from 'zustand';
import type { DestinationStatus } from '../../../core/contract/destination.ts';

export const useDestinations = create<{ destinations: DestinationStatus[] }>(() => ({ destinations: [] }));
