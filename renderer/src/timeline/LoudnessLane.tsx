import { memo } from 'react';
import * as format from '../time/format.ts';
import type { TimelineSegment } from './segments.ts';

/** Loudness the house aims at, LUFS. */
const TARGET_LUFS = -16;
/** Half the height of the lane in LU, and what still counts as on target (EBU R 128). */
const RANGE_LU = 4;
const TOLERANCE_LU = 1;

interface LoudnessLaneProps {
  segments: readonly TimelineSegment[];
  left: (atMs: number) => number;
  pxPerMs: number;
}

/** Integrated loudness of each item around the house target; nothing where it was not measured. */
export const LoudnessLane = memo(function LoudnessLane({ segments, left, pxPerMs }: LoudnessLaneProps) {
  return (
    <div className="loudness" aria-hidden="true">
      {segments.map((segment) => {
        if (segment.kind !== 'on_air' && segment.kind !== 'queued') return null;
        const value = segment.item.integratedLufs;
        const width = Math.max(1, (segment.endMs - segment.startMs) * pxPerMs - 1);
        const off = value === null ? 0 : Math.max(-RANGE_LU, Math.min(RANGE_LU, value - TARGET_LUFS));
        return (
          <span
            key={segment.key}
            className="loudness__item"
            data-known={value !== null}
            data-off={value !== null && Math.abs(value - TARGET_LUFS) > TOLERANCE_LU}
            style={{ left: left(segment.startMs), width, '--y': `${36 - (off / RANGE_LU) * 30}%` }}
          >
            {width > 76 && <i className="numbers">{format.lufs(value)}</i>}
          </span>
        );
      })}
    </div>
  );
});
