import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { crossfadeMinimumFrames, framesToMs, type HouseProfile, transitionFrames } from '../contract/profile.ts';
import type { TimelineItem } from '../contract/queue.ts';
import type { QueueEntry } from '../store/studio-reader.ts';

export interface TimelineSources {
  readonly entries: readonly QueueEntry[];
  readonly profile: HouseProfile;
  /** Null when nothing is known of the broadcaster: then no time is known either. */
  readonly status: BroadcasterStatus | null;
  readonly nowMs: number;
  /** State of the crossfade piece between two assets; null when none was asked for yet. */
  transition(fromAssetId: string, toAssetId: string): 'wanted' | 'ready' | 'failed' | null;
}

/**
 * The queue with its expected wall-clock times. An item starts where the one before it ends; a crossfade lets it start one
 * GOP earlier, and what is not rendered yet is expected to be rendered in time. Times before the first queued item come
 * from the engine: the end of what is on air, or now while the emergency loop runs.
 */
export function timeline(sources: TimelineSources): TimelineItem[] {
  const { status, profile } = sources;
  const overlapMs = framesToMs(profile, transitionFrames(profile));
  const lockedId = status?.next?.locked ? status.next.queueItemId : null;
  const onAirId = status?.program?.queueItemId ?? null;
  let before: QueueEntry | null = null;
  let cursorMs = firstStartMs(sources);
  return sources.entries.map((entry): TimelineItem => {
    const { item, asset } = entry;
    const onAir = item.id === onAirId;
    const join = before ? joinOf(before, entry, sources) : 'cut';
    let startsAtMs: number | null = null;
    if (onAir && status?.program) {
      const played = framesToMs(profile, status.program.positionFrames);
      startsAtMs = status.atMs - played;
      cursorMs = status.program.endsAtMs ?? startsAtMs + asset.durationMs;
    } else if (cursorMs !== null) {
      // `endsAtMs` of the item on air is already the start of the transition out of it.
      const afterOnAir = before !== null && before.item.id === onAirId;
      startsAtMs = before && join !== 'cut' && !afterOnAir ? cursorMs - overlapMs : cursorMs;
      cursorMs = startsAtMs + asset.durationMs;
    }
    before = entry;
    return {
      id: item.id,
      assetId: item.assetId,
      title: asset.title,
      durationMs: asset.durationMs,
      state: onAir ? 'on_air' : 'queued',
      origin: item.origin,
      startsAtMs,
      join,
      locked: onAir || item.id === lockedId,
      integratedLufs: asset.integratedLufs,
      palette: asset.palette,
    };
  });
}

function firstStartMs({ status, nowMs }: TimelineSources): number | null {
  if (!status) return null;
  return status.program?.endsAtMs ?? nowMs;
}

function joinOf(from: QueueEntry, to: QueueEntry, sources: TimelineSources): TimelineItem['join'] {
  const fewest = crossfadeMinimumFrames(sources.profile);
  if (from.asset.frames < fewest || to.asset.frames < fewest) return 'cut';
  const state = sources.transition(from.asset.id, to.asset.id);
  if (state === 'failed') return 'cut';
  return state === 'ready' ? 'crossfade' : 'pending';
}
