import assert from 'node:assert/strict';
import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { BroadcasterProcess, readJournal } from '../../tests/broadcaster-process.ts';
import { type RtmpServer, startRtmpServer } from '../../tests/rtmp-server.ts';
import { keyframesOf, StreamWatcher } from '../../tests/stream-watcher.ts';
import { makeStudio, type StudioFixture } from '../../tests/studio-fixture.ts';
import { TINY_PROFILE } from '../../tests/tiny-profile.ts';
import { waitUntil } from '../../tests/wait-until.ts';
import { frameTicks } from '../contract/profile.ts';
import { isPidAlive } from '../platform/process-identity.ts';

/**
 * The whole engine as the host starts it: its own process, the real store, real house-format files, real ffmpeg pushers
 * into a real RTMP server. Every test is a channel of its own on a copy of nothing: a fresh data folder.
 */
let server: RtmpServer;
const CLIPS = [
  { frames: 160 },
  { frames: 160, picture: 'smptebars', toneHz: 880 },
  { frames: 640, picture: 'mandelbrot', toneHz: 660 },
  { frames: 128, picture: 'color=green', toneHz: 550 },
];

before(async () => {
  server = await startRtmpServer('node-media-server');
});
after(() => server[Symbol.asyncDispose]());

const fingerprints = async (path: string): Promise<Set<string>> => new Set(keyframesOf(await readFile(path)));

/** No gap in time stamps, counters or clock of what the engine sent. */
function assertSeamless(watcher: StreamWatcher): void {
  assert.equal(watcher.damage, null);
  assert.deepEqual(watcher.wrongSteps('video', frameTicks(TINY_PROFILE)), []);
  assert.deepEqual(watcher.wrongSteps('audio', 1920), []);
}

async function stop(broadcaster: BroadcasterProcess): Promise<void> {
  await broadcaster.command({ name: 'stop' });
  await waitUntil('the broadcaster ends', () => broadcaster.child.exitCode !== null, 5_000);
  assert.equal(broadcaster.child.exitCode, 0, broadcaster.log());
}

async function studio(clips = CLIPS): Promise<StudioFixture> {
  return makeStudio({ clips });
}

test('on air: a crossfade and a cut without a seam, journal and status, graceful end', async () => {
  await using fixture = await studio();
  const [first, second, third] = await fixture.enqueue(0, 1, 3);
  await fixture.addTransition(0, 1);
  await fixture.addDestination('rtmp', server.url('air'));
  await using broadcaster = await BroadcasterProcess.start(fixture.paths);
  await using preview = await StreamWatcher.http(broadcaster.programUrl());
  await broadcaster.statusWhere('the destination is live', ({ destinations }) => destinations[0]?.state === 'live');
  await using viewer = await StreamWatcher.rtmp(server.url('air'));
  assert.equal(broadcaster.status.program?.queueItemId, first);
  assert.deepEqual([broadcaster.status.next?.queueItemId, broadcaster.status.next?.join], [second, 'crossfade']);
  assert.equal(broadcaster.status.next?.locked, true);
  await broadcaster.statusWhere('the third item is on air', ({ program }) => program?.queueItemId === third);
  const { counters } = broadcaster.status;
  assert.equal(counters.crossfades, 1);
  assert.deepEqual(
    [counters.videoGaps, counters.audioGaps, counters.silentFillFrames, counters.avResidualMs],
    [0, 0, 0, 0],
  );
  await stop(broadcaster);
  assertSeamless(preview);
  assert.deepEqual(viewer.wrongSteps('video', 3000, 91), []);

  const journal = await readJournal(fixture.paths);
  assert.deepEqual(
    journal.map(({ seq }) => seq),
    journal.map((_, index) => index),
  );
  const rows = journal.flatMap((entry) =>
    entry.type === 'end' ? [[entry.queueItemId, entry.toFrame, entry.reason, entry.willResume]] : [],
  );
  assert.deepEqual(rows.slice(0, 2), [
    [first, 160 - 32, 'finished', false],
    [second, 160, 'finished', false],
  ]);
  assert.deepEqual(rows[2]?.slice(2), ['stopped', true]);
  const starts = journal.flatMap((entry) => (entry.type === 'start' ? [entry.atMs] : []));
  const firstLastedMs = (starts[1] ?? 0) - (starts[0] ?? 0);
  assert.ok(Math.abs(firstLastedMs - (128 * 1000) / 30) < 60, `first item lasted ${firstLastedMs} ms`);
  assert.equal(journal.at(-1)?.type === 'engine' && journal.at(-1)?.type, 'engine');
});

test('emergency, take, skip and hold, quickly one after the other, on one connection', async () => {
  await using fixture = await studio();
  const [first, second, third] = await fixture.enqueue(2, 1, 3);
  await fixture.addDestination('rtmp', server.url('commands'));
  const emergency = await fingerprints(`${fixture.houseFolder}/emergency.ts`);
  await using broadcaster = await BroadcasterProcess.start(fixture.paths);
  await using preview = await StreamWatcher.http(broadcaster.programUrl());
  await broadcaster.statusWhere('the destination is live', ({ destinations }) => destinations[0]?.state === 'live');
  await using viewer = await StreamWatcher.rtmp(server.url('commands'));
  await viewer.next('a picture', ({ key }) => key);

  const shown = viewer.next('the emergency loop at the viewer', ({ fingerprint }) => emergency.has(fingerprint));
  await broadcaster.command({ name: 'emergency', on: true });
  await shown;
  assert.equal(broadcaster.status.mode, 'emergency');
  await assert.rejects(broadcaster.command({ name: 'skip' }), { code: 'CONFLICT' });
  await broadcaster.command({ name: 'emergency', on: false });
  await broadcaster.statusWhere('the item is back', ({ program }) => program?.queueItemId === first);
  const before = broadcaster.status.program?.positionFrames ?? 0;
  assert.ok(before >= 32, `resumed at ${before}`);

  await broadcaster.command({ name: 'hold', on: true });
  await assert.rejects(broadcaster.command({ name: 'take', queueItemId: 'nothing' }), { code: 'NOT_FOUND' });
  await Promise.all([
    broadcaster.command({ name: 'skip' }),
    broadcaster.command({ name: 'take', queueItemId: third ?? '' }),
    broadcaster.command({ name: 'take', queueItemId: second ?? '' }),
  ]);
  await broadcaster.statusWhere('the last take won', ({ program }) => program?.queueItemId === second);
  for (let press = 0; press < 6; press++) await broadcaster.command({ name: 'emergency', on: press % 2 === 0 });
  await broadcaster.statusWhere(
    'it is back again',
    ({ mode, program }) => mode === 'program' && program?.queueItemId === second,
  );
  assert.equal(broadcaster.status.hold, true);
  assert.equal(broadcaster.status.next?.queueItemId, second, 'held items follow themselves');
  await broadcaster.command({ name: 'hold', on: false });
  assert.equal(broadcaster.status.next?.queueItemId, third);
  assert.equal(broadcaster.status.destinations[0]?.reconnects, 0);
  await stop(broadcaster);
  assertSeamless(preview);
  const residual = broadcaster.status.counters.avResidualMs;
  assert.ok(Math.abs(residual) <= 960 / 90, `residual ${residual} ms`);
});

test('damaged items never reach the air: missing, truncated, flipped bits, a crossfade that is broken', async () => {
  await using fixture = await studio([...CLIPS, { frames: 160, picture: 'rgbtestsrc', toneHz: 500 }]);
  const [first, missing, truncated, last] = await fixture.enqueue(0, 1, 3, 4);
  const transition = await fixture.addTransition(0, 1);
  await writeFile(transition, 'nothing');
  await rm(fixture.assets[1]?.media ?? '');
  await truncate(fixture.assets[3]?.media ?? '', 50_000);
  // One flipped bit in the third GOP of the first item: valid for the transport stream, not the certified bytes.
  const path = fixture.assets[0]?.media ?? '';
  const bytes = await readFile(path);
  const at = (fixture.assets[0]?.index.gops[2]?.[0] ?? 0) + 188 * 3 + 100;
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  await copyFile(path, `${path}.good`);
  await writeFile(path, bytes);
  await using broadcaster = await BroadcasterProcess.start(fixture.paths);
  await using preview = await StreamWatcher.http(broadcaster.programUrl());
  await broadcaster.statusWhere('the good item is on air', ({ program }) => program?.queueItemId === last);
  await stop(broadcaster);
  assertSeamless(preview);
  const good = await fingerprints(`${path}.good`);
  const journal = await readJournal(fixture.paths);
  const damaged = journal.flatMap((entry) => (entry.type === 'damage' ? [entry.assetId] : []));
  assert.deepEqual(new Set(damaged), new Set([null, 'asset-0', 'asset-1', 'asset-3']));
  const end = journal.find((entry) => entry.type === 'end' && entry.queueItemId === first);
  assert.deepEqual(end?.type === 'end' && [end.toFrame, end.reason], [64, 'damaged']);
  assert.ok(!journal.some((entry) => entry.type === 'start' && [missing, truncated].includes(entry.queueItemId ?? '')));
  const allowed = new Set([
    ...good,
    ...(await fingerprints(fixture.assets[4]?.media ?? '')),
    ...(await housePictures(fixture)),
  ]);
  for (const { key, fingerprint } of preview.video)
    assert.ok(!key || allowed.has(fingerprint), 'an uncertified picture aired');
});

async function housePictures(fixture: StudioFixture): Promise<string[]> {
  const names = ['slate.ts', 'emergency.ts', 'error.ts'];
  return (await Promise.all(names.map((name) => readFile(`${fixture.houseFolder}/${name}`)))).flatMap(keyframesOf);
}

test('an empty queue shows the emergency loop; an item that comes is taken at once; order changes are followed', async () => {
  await using fixture = await studio();
  await using broadcaster = await BroadcasterProcess.start(fixture.paths);
  await using preview = await StreamWatcher.http(broadcaster.programUrl());
  assert.equal(broadcaster.status.program?.kind, 'emergency');
  const [long, other] = await fixture.enqueue(2, 1);
  await broadcaster.command({ name: 'wake' });
  await broadcaster.statusWhere('the item is on air', ({ program }) => program?.queueItemId === long);
  assert.equal(broadcaster.status.next?.queueItemId, other);
  assert.equal(broadcaster.status.next?.locked, false);
  const [added] = await fixture.enqueue(3);
  await fixture.store.run('queue.move', { id: added ?? '', where: { beforeId: other ?? '' } });
  await broadcaster.statusWhere('the new order is seen', ({ next }) => next?.queueItemId === added, 3_000);
  await stop(broadcaster);
  assertSeamless(preview);
});

test('a killed pusher is replaced and a killed engine resumes at the right place; a second engine refuses', async () => {
  await using fixture = await studio();
  const [item] = await fixture.enqueue(2, 1);
  await fixture.addDestination('rtmp', server.url('kill'));
  const pictures = keyframesOf(await readFile(fixture.assets[2]?.media ?? ''));
  await using broadcaster = await BroadcasterProcess.start(fixture.paths);
  await broadcaster.statusWhere('the destination is live', ({ destinations }) => destinations[0]?.state === 'live');
  const pushers = await childrenOf(broadcaster.child.pid ?? 0);
  assert.equal(pushers.length, 1);
  process.kill(pushers[0] ?? 0, 'SIGKILL');
  await broadcaster.statusWhere(
    'the destination is live again',
    ({ destinations }) => destinations[0]?.state === 'live' && destinations[0].reconnects === 1,
  );

  const rival = BroadcasterProcess.spawn(fixture.paths);
  await waitUntil('the second engine refuses', () => rival.child.exitCode !== null);
  assert.equal(rival.child.exitCode, 1);

  const { run } = broadcaster;
  const startedAtMs = broadcaster.status.program?.startedAtMs ?? 0;
  const { onAirSinceMs } = broadcaster.status;
  await broadcaster.kill('SIGKILL');
  await using again = await BroadcasterProcess.start(fixture.paths);
  assert.equal(again.run.token, run.token);
  assert.equal(again.run.fanoutPort, run.fanoutPort);
  assert.equal(again.status.onAirSinceMs, onAirSinceMs);
  assert.equal(again.status.program?.queueItemId, item);
  await using preview = await StreamWatcher.http(again.programUrl());
  const key = await preview.next('a keyframe', (frame) => frame.key);
  const frame = pictures.indexOf(key.fingerprint) * TINY_PROFILE.gopFrames;
  const expected = ((Date.now() - startedAtMs) * TINY_PROFILE.fps) / 1000;
  assert.ok(Math.abs(frame - expected) <= 2 * TINY_PROFILE.gopFrames, `frame ${frame} instead of ${expected}`);
  await waitUntil('the pusher of the killed engine is gone', async () => !(pushers[0] && isPidAlive(pushers[0])));
  const journal = await readJournal(fixture.paths);
  const lost = journal.find((entry) => entry.type === 'end' && entry.reason === 'engine_lost');
  assert.equal(lost?.type === 'end' && lost.willResume, true);
  assert.equal(journal.findLast((entry) => entry.type === 'start')?.resumed, true);
  await stop(again);
});

test('emergency survives the engine; a broken database and no destination do not stop the picture', async () => {
  await using fixture = await studio();
  const [item] = await fixture.enqueue(2);
  await using broadcaster = await BroadcasterProcess.start(fixture.paths);
  await broadcaster.statusWhere('the item is on air', ({ program }) => program?.queueItemId === item);
  await broadcaster.command({ name: 'emergency', on: true });
  await broadcaster.kill('SIGKILL');
  await using again = await BroadcasterProcess.start(fixture.paths);
  assert.deepEqual([again.status.emergency, again.status.mode], [true, 'emergency']);
  await again.command({ name: 'emergency', on: false });
  await again.statusWhere('the interrupted item is back', ({ program }) => program?.queueItemId === item);
  await again.kill('SIGKILL');
  await fixture.store.close();
  await writeFile(fixture.paths.studioDb, 'not a database');
  await using third = await BroadcasterProcess.start(fixture.paths);
  assert.equal(third.status.program?.assetId, 'asset-2', 'known from the journal alone');
  await stop(third);
});

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}
