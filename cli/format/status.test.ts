import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BroadcasterStatus } from '../../core/contract/broadcaster-status.ts';
import type { Channel } from '../../core/contract/control-api.ts';
import { DEFAULT_PROFILE, profileId } from '../../core/contract/profile.ts';
import { formatStatus } from './status.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const look = { columns: 100, paint: (_format: string, text: string) => text };

const channel: Channel = {
  id: 'main',
  name: 'Test TV',
  profile: DEFAULT_PROFILE,
  profileId: profileId(DEFAULT_PROFILE),
  air: 'on_air',
  libraryFolders: [],
  watch: { rtmpUrl: 'rtmp://127.0.0.1:1935/live/main', programUrl: null },
  emergencyVerifiedAtMs: null,
  dataDir: '/x',
  version: '1',
};

const status: BroadcasterStatus = {
  atMs: NOW,
  pid: 1,
  onAirSinceMs: NOW - 8_040_000,
  engineStartedAtMs: NOW,
  mode: 'program',
  emergency: false,
  hold: true,
  program: {
    asRunId: 'r',
    kind: 'asset',
    queueItemId: 'q',
    assetId: 'a',
    title: `Night Tram ${'long '.repeat(60)}`,
    startedAtMs: NOW - 133_000,
    positionFrames: 3990,
    totalFrames: 11_400,
    endsAtMs: NOW + 247_000,
  },
  next: {
    queueItemId: 'n',
    assetId: 'b',
    title: 'Dancers',
    startsAtMs: NOW + 247_000,
    join: 'crossfade',
    locked: false,
  },
  bufferMs: 42_120_000,
  destinations: [],
  counters: {
    splices: 4318,
    crossfades: 4000,
    takes: 1,
    videoFrames: 1,
    videoGaps: 0,
    audioGaps: 0,
    silentFillFrames: 0,
    damagedPieces: 0,
    avResidualMs: 0,
    worstTickLatenessMs: 0,
    loopDelayP99Ms: 0,
    cpuPercent: 1,
    rssBytes: 1,
    outputKbps: 3050,
    previewClients: 0,
  },
  fanoutPort: 1,
};

test('the channel at a glance, within the width of a terminal', () => {
  const text = formatStatus(
    {
      channel,
      status,
      destinations: [],
      queueItems: 31,
      incidents: [{ severity: 'critical' as const, message: 'The disk is full.' }],
    },
    look,
    NOW,
  );
  assert.match(text, /^Test TV {2}ON AIR for 2 h 14 m\n/);
  assert.match(text, /Now +Night Tram .*… {2}2:13 of 6:20, ends .*HELD/);
  assert.match(text, /Next +Dancers {2}crossfade at /);
  assert.match(text, /Buffer +11 h 42 m in 31 items/);
  assert.match(text, /Output +3\.0 Mb\/s, 4318 splices, 0 gaps, A\/V 0\.0 ms|Output +3\.1 Mb\/s/);
  assert.match(text, /Incident +critical {2}The disk is full\./);
  assert.match(text, /Library +no folder yet/);
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
});

test('each state of the lamp says what is going on', () => {
  const lamp = (air: Channel['air'], over: Partial<BroadcasterStatus> | null) =>
    formatStatus(
      {
        channel: { ...channel, air },
        status: over && { ...status, ...over },
        destinations: [],
        queueItems: 0,
        incidents: [],
      },
      look,
      NOW,
    ).split('\n')[0];
  assert.match(lamp('emergency', { emergency: true }) ?? '', /EMERGENCY LOOP ON AIR/);
  assert.match(lamp('emergency', { mode: 'emergency' }) ?? '', /nothing else is ready/);
  assert.match(lamp('starting', null) ?? '', /going on air/);
  assert.match(lamp('unreachable', null) ?? '', /does not answer/);
  assert.match(lamp('off', null) ?? '', /off air/);
});
