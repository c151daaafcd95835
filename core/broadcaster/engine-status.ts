import type { BroadcasterStatus, EngineCounters } from '../contract/broadcaster-status.ts';
import type { DestinationStatus } from '../contract/destination.ts';
import { framesToMs, type HouseProfile, profileId, TICKS_PER_SECOND } from '../contract/profile.ts';
import type { EngineLoad } from './engine-metrics.ts';
import type { Program } from './program.ts';
import type { Splicer } from './splicer.ts';

export interface StatusParts {
  readonly nowMs: number;
  readonly profile: HouseProfile;
  readonly program: Program;
  readonly splicer: Splicer;
  readonly load: EngineLoad;
  readonly lateness: { worstMs: number; p99Ms: number };
  readonly destinations: DestinationStatus[];
  readonly previewClients: number;
  readonly bufferMs: number;
  readonly onAirSinceMs: number;
  readonly engineStartedAtMs: number;
  readonly fanoutPort: number;
}

/** The engine's state as the contract has it (core/contract/broadcaster-status.ts). */
export function engineStatus(parts: StatusParts): BroadcasterStatus {
  const { nowMs, profile, program } = parts;
  const view = program.view();
  const endsAtMs = view.remainingFrames === null ? null : nowMs + framesToMs(profile, view.remainingFrames);
  const kind = view.item?.kind;
  return {
    atMs: nowMs,
    pid: process.pid,
    onAirSinceMs: parts.onAirSinceMs,
    engineStartedAtMs: parts.engineStartedAtMs,
    profileId: profileId(profile),
    mode: kind === undefined || kind === 'slate' ? 'slate' : kind === 'asset' ? 'program' : 'emergency',
    emergency: view.emergency,
    hold: view.hold,
    program:
      view.item && view.asRunId !== null
        ? {
            asRunId: view.asRunId,
            kind: view.item.kind,
            queueItemId: view.item.queueItemId,
            assetId: view.item.assetId,
            title: view.item.title,
            startedAtMs: view.startedAtMs,
            positionFrames: view.positionFrames,
            totalFrames: view.item.frames,
            endsAtMs,
          }
        : null,
    next: view.next && { ...view.next, startsAtMs: endsAtMs },
    bufferMs: parts.bufferMs,
    destinations: parts.destinations,
    counters: counters(parts),
    fanoutPort: parts.fanoutPort,
  };
}

function counters({ program, splicer, load, lateness, previewClients }: StatusParts): EngineCounters {
  const { videoFrames, videoGaps, audioGaps } = splicer.output.counts;
  return {
    splices: splicer.splices,
    crossfades: program.crossfades,
    takes: program.takes,
    videoFrames,
    videoGaps,
    audioGaps,
    silentFillFrames: splicer.silentFillFrames,
    damagedPieces: program.damagedPieces,
    avResidualMs: (splicer.residualTicks * 1000) / TICKS_PER_SECOND,
    worstTickLatenessMs: lateness.worstMs,
    loopDelayP99Ms: lateness.p99Ms,
    ...load,
    previewClients,
  };
}
