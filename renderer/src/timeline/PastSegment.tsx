import { memo } from 'react';
import { strings } from '../strings.ts';
import * as format from '../time/format.ts';
import type { TimelineSegment } from './segments.ts';
import { Thumbs } from './Thumbs.tsx';

interface PastSegmentProps {
  segment: Extract<TimelineSegment, { kind: 'aired' | 'fill' }>;
  leftPx: number;
  widthPx: number;
}

/** What has aired, or an emergency loop that is on air: it cannot be moved any more. */
export const PastSegment = memo(function PastSegment({ segment, leftPx, widthPx }: PastSegmentProps) {
  const length = format.duration(segment.endMs - segment.startMs);
  const start = format.clock(segment.startMs);
  const title = segment.kind === 'aired' ? segment.row.title : segment.title;
  const fill = segment.kind === 'fill' || segment.row.kind !== 'asset';
  const assetId = segment.kind === 'aired' && !fill ? segment.row.assetId : null;
  return (
    <div
      className="item item--past"
      data-fill={fill}
      data-state={segment.kind === 'fill' ? 'on_air' : 'aired'}
      data-narrow={widthPx < 34}
      style={{ transform: `translateX(${leftPx}px)`, width: widthPx, '--left': leftPx, '--width': widthPx }}
      title={`${title}\n${start} · ${length}${segment.kind === 'aired' && segment.row.endReason ? ` · ${strings.asRun.reasons[segment.row.endReason]}` : ''}`}
    >
      {assetId && (
        <Thumbs
          assetId={assetId}
          palette={[]}
          widthPx={widthPx}
          durationMs={segment.endMs - segment.startMs}
          fromPx={0}
          toPx={widthPx}
        />
      )}
      <span className="item__label">
        <b className="ellipsis">{title}</b>
        <span className="numbers ellipsis">
          {start} · {length}
        </span>
      </span>
    </div>
  );
});
