import { create } from 'zustand';
import type { PreviewState } from '../preview/preview-player.ts';

export const usePreview = create<PreviewState & { soundRunning: boolean }>(() => ({
  phase: 'stopped',
  behindMs: null,
  droppedFrames: 0,
  rebuilds: 0,
  lastRebuild: null,
  soundRunning: false,
}));
