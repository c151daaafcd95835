import type { AirItem } from './segment.ts';

/** What is on air, for the status. Frames are frames of the item. */
export interface ProgramView {
  readonly asRunId: string | null;
  readonly item: AirItem | null;
  readonly startedAtMs: number;
  readonly positionFrames: number;
  /** Frames until what follows starts; null for a loop. */
  readonly remainingFrames: number | null;
  readonly emergency: boolean;
  readonly hold: boolean;
  readonly next: {
    readonly queueItemId: string;
    readonly assetId: string;
    readonly title: string;
    readonly join: 'crossfade' | 'cut';
    readonly locked: boolean;
  } | null;
}
