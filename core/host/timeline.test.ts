import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { DEFAULT_PROFILE, framesToMs } from '../contract/profile.ts';
import type { QueueEntry } from '../store/studio-reader.ts';
import { timeline } from './timeline.ts';

function entry(id: string, frames: number): QueueEntry {
  const asset: QueueEntry['asset'] = {
    id: `asset-${id}`,
    title: `Title ${id}`,
    profileId: 'p',
    frames,
    durationMs: framesToMs(DEFAULT_PROFILE, frames),
    state: 'ready',
    lastAiredMs: null,
    airedCount: 0,
    integratedLufs: -16,
    palette: ['#112233'],
  };
  const item = {
    id,
    channelId: 'main',
    assetId: asset.id,
    position: 0,
    state: 'queued' as const,
    origin: 'planner' as const,
    addedAtMs: 0,
  };
  return { item, asset };
}

function status(onAir: string | null, positionFrames: number, endsAtMs: number | null): BroadcasterStatus {
  return {
    atMs: 100_000,
    pid: 1,
    onAirSinceMs: 0,
    engineStartedAtMs: 0,
    mode: 'program',
    emergency: false,
    hold: false,
    program: {
      asRunId: 'r',
      kind: onAir ? 'asset' : 'emergency',
      queueItemId: onAir,
      assetId: onAir && `asset-${onAir}`,
      title: '',
      startedAtMs: 0,
      positionFrames,
      totalFrames: 960,
      endsAtMs,
    },
    next: { queueItemId: 'b', assetId: 'asset-b', title: '', startsAtMs: null, join: 'crossfade', locked: true },
    bufferMs: 0,
    destinations: [],
    counters: {
      splices: 0,
      crossfades: 0,
      takes: 0,
      videoFrames: 0,
      videoGaps: 0,
      audioGaps: 0,
      silentFillFrames: 0,
      damagedPieces: 0,
      avResidualMs: 0,
      worstTickLatenessMs: 0,
      loopDelayP99Ms: 0,
      cpuPercent: null,
      rssBytes: 0,
      outputKbps: null,
      previewClients: 0,
    },
    fanoutPort: 1,
  };
}

const OVERLAP_MS = (32 * 1000) / 30;
const sources = { profile: DEFAULT_PROFILE, nowMs: 100_000 };

test('items follow what is on air, one overlap earlier where they crossfade', () => {
  // a: 32 s on air, 10 s played; its transition into b starts at the end less one GOP.
  const endsAtMs = 100_000 + 22_000 - OVERLAP_MS;
  const items = timeline({
    ...sources,
    entries: [entry('a', 960), entry('b', 960), entry('c', 960), entry('short', 64)],
    status: status('a', 300, endsAtMs),
    transition: (from) => (from === 'asset-a' ? 'ready' : null),
  });
  assert.deepEqual(
    items.map((item) => [item.id, item.state, item.join, item.locked]),
    [
      ['a', 'on_air', 'cut', true],
      ['b', 'queued', 'crossfade', true],
      ['c', 'queued', 'pending', false],
      ['short', 'queued', 'cut', false],
    ],
  );
  const starts = items.map((item) => item.startsAtMs ?? Number.NaN);
  assert.equal(starts[0], 90_000);
  assert.equal(starts[1], endsAtMs);
  assert.equal(starts[2], endsAtMs + 32_000 - OVERLAP_MS);
  assert.equal(starts[3], (starts[2] ?? 0) + 32_000);
});

test('in an emergency the queue is expected from now on; off air nothing is promised', () => {
  const entries = [entry('a', 960), entry('b', 960)];
  const failed = { ...sources, entries, transition: () => 'failed' as const };
  const loop = timeline({ ...failed, status: status(null, 0, null) });
  assert.deepEqual(
    loop.map((item) => item.startsAtMs),
    [100_000, 132_000],
  );
  assert.deepEqual(
    timeline({ ...failed, status: null }).map((item) => [item.startsAtMs, item.join]),
    [
      [null, 'cut'],
      [null, 'cut'],
    ],
  );
});
