import type { BroadcasterStatus } from '../../../core/contract/broadcaster-status.ts';
import type { AsRun, TimelineItem } from '../../../core/contract/queue.ts';
import type { Segment } from './timeline-scale.ts';

export type TimelineSegment = Segment &
  (
    | { kind: 'aired'; row: AsRun }
    | { kind: 'on_air' | 'queued'; item: TimelineItem; index: number }
    /** Emergency, error screen or slate on air now; its end is not known and moves with the clock. */
    | { kind: 'fill'; title: string }
  );

/** The timeline's one row: what aired (newest first in `asRun`), then the queue. Off air the queue starts `nowMs`. */
export function timelineSegments(
  asRun: readonly AsRun[],
  items: readonly TimelineItem[],
  program: BroadcasterStatus['program'],
  nowMs: number,
): TimelineSegment[] {
  const result: TimelineSegment[] = [];
  for (const row of asRun.toReversed()) {
    if (row.endedAtMs === null || row.endedAtMs <= row.startedAtMs) continue;
    result.push({ key: `aired-${row.id}`, kind: 'aired', startMs: row.startedAtMs, endMs: row.endedAtMs, row });
  }
  if (program && program.kind !== 'asset') {
    const endMs = Math.max(nowMs, program.startedAtMs + 1000);
    result.push({ key: 'fill', kind: 'fill', startMs: program.startedAtMs, endMs, title: program.title });
  }
  let projected = nowMs;
  for (const [index, item] of items.entries()) {
    const startMs = item.startsAtMs ?? projected;
    projected = startMs + item.durationMs;
    const kind = item.state === 'on_air' ? 'on_air' : 'queued';
    result.push({ key: item.id, kind, startMs, endMs: projected, item, index });
  }
  return result;
}

/**
 * Where a dragged item lands: before the first queued segment whose middle is right of `atMs`; index into the queue
 * without the dragged item.
 */
export function dropIndex(segments: readonly TimelineSegment[], draggedId: string, atMs: number): number {
  let index = 0;
  for (const segment of segments) {
    if (segment.kind !== 'queued' && segment.kind !== 'on_air') continue;
    if (segment.item.id === draggedId) continue;
    if (segment.kind === 'queued' && (segment.startMs + segment.endMs) / 2 > atMs) return index;
    index += 1;
  }
  return index;
}
