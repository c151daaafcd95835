import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DestinationStatus } from '../../core/contract/destination.ts';
import type { Plan } from '../../core/contract/plan.ts';
import type { TimelineItem } from '../../core/contract/queue.ts';
import { formatDestinations, formatPlans, formatPreflight, formatProcesses, formatQueue } from './listings.ts';

const look = { columns: 100, paint: (_format: string, text: string) => text };
const NOW = Date.parse('2026-11-20T12:00:00Z');

const item: TimelineItem = {
  id: 'a',
  assetId: 'b',
  title: 'Night Tram',
  durationMs: 380_000,
  state: 'queued',
  origin: 'planner',
  startsAtMs: null,
  join: 'crossfade',
  locked: true,
  integratedLufs: -16,
  palette: [],
};

test('the queue says what is unknown, and how much more there is', () => {
  const text = formatQueue({ items: [item], total: 12 }, look, NOW);
  assert.match(text, /1 {2}– +6:20 +crossfade +locked +Night Tram/);
  assert.match(text, /… and 11 more$/);
  assert.equal(formatQueue({ items: [], total: 0 }, look, NOW), 'The queue is empty.');
});

test('a reason is never cut', () => {
  const message =
    'This is a web page saved under the name of a video: download the video itself, not the page around it.';
  const plan: Plan = {
    id: '1',
    channelId: 'main',
    sourceKind: 'folder',
    locator: '/x',
    title: 'x'.repeat(200),
    state: 'rejected',
    reason: { code: 'unreadable', message },
    fileBytes: null,
    fileModifiedMs: null,
    contentHash: null,
    assetId: null,
    discoveredAtMs: 0,
    updatedAtMs: 0,
  };
  const text = formatPlans({ plans: [plan], counts: { rejected: 1 } }, look);
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
  assert.ok(text.replace(/\s+/g, ' ').includes(message));
  assert.match(text, /rejected 1$/);
});

test('a destination shows its error, and never its key', () => {
  const live: DestinationStatus = {
    id: '1',
    name: 'YouTube',
    maskedUrl: 'rtmp://a.example/live2/•••',
    builtIn: false,
    state: 'backing_off',
    sinceMs: NOW - 14_000,
    bitrateKbps: null,
    reconnects: 3,
    droppedGops: 2,
    retryAtMs: null,
    lastError: 'connection refused',
  };
  const text = formatDestinations([live], look, NOW);
  assert.match(text, /YouTube {2}backing off +– +3 +14 s {2}connection refused/);
});

test('checks and processes', () => {
  const checks = formatPreflight([{ name: 'disk', verdict: 'failed', message: 'full' }], look);
  assert.equal(checks, 'FAILED   disk  full');
  const unknown = {
    pid: null,
    state: 'backing_off',
    upMs: null,
    loopDelayP99Ms: null,
    rssBytes: null,
    cpuPercent: null,
  };
  assert.match(
    formatProcesses([{ name: 'planner', restarts: 2, ...unknown }], look),
    /planner +– +backing off +– +2 +– +– +–/,
  );
});
