import { setTimeout as delay } from 'node:timers/promises';
import { BroadcasterProcess, readJournal } from '../tests/broadcaster-process.ts';
import { StreamWatcher } from '../tests/stream-watcher.ts';
import { AIR_PROFILE, percentile, startAirStudio } from './air-studio.ts';
import { report } from './report.ts';

/**
 * kill -9 of the engine, with this process in the part of the host that starts it again: from the kill to the picture at
 * a subscriber that stayed, and how far it is from where the wall clock says. `npm run bench -- engine-kill [kills]`.
 */
export async function run(): Promise<void> {
  const kills = Number(process.argv[3] ?? 20);
  await using air = await startAirStudio(kills * 6 + 60);
  await using viewer = await StreamWatcher.rtmpKeyframes(air.url);
  await viewer.next('a picture', ({ key }) => key);
  const recoveryMs: number[] = [];
  const errorFrames: number[] = [];
  const places = new Map(air.item.map((fingerprint, gop) => [fingerprint, gop * AIR_PROFILE.gopFrames]));
  if (places.size < air.item.length) throw new Error('keyframes of the item cannot be told apart');
  for (let kill = 0; kill < kills; kill++) {
    await delay(1_500 + Math.random() * 1_000);
    const { program } = air.broadcaster.status;
    if (!program) throw new Error('nothing is on air');
    const atMs = performance.now();
    const gone = air.broadcaster.kill('SIGKILL');
    const seen = viewer.next('the picture is back', (frame) => frame.key && frame.atMs > atMs + 60, 20_000);
    await gone;
    air.broadcaster = BroadcasterProcess.spawn(air.studio.paths);
    const frame = await seen;
    const wallMs = performance.timeOrigin + frame.atMs;
    recoveryMs.push(frame.atMs - atMs);
    await air.broadcaster.attach();
    const now = air.broadcaster.status.program;
    if (now?.queueItemId !== air.itemId) throw new Error(`another item is on air: ${now?.title}`);
    const passedFrames = ((wallMs - program.startedAtMs) * AIR_PROFILE.fps) / 1000;
    const expected = passedFrames + (await startFrame(air, program.asRunId));
    errorFrames.push(Math.abs((places.get(frame.fingerprint) ?? Number.NaN) - expected));
  }
  report('engine-kill', {
    recovery_ms_p50: { value: percentile(recoveryMs, 0.5), unit: 'ms', bar: null },
    recovery_ms_p95: { value: percentile(recoveryMs, 0.95), unit: 'ms', bar: '<= 1500' },
    /** Keyframes are a GOP apart, so the place can be off by one. */
    place_error_frames_max: { value: Math.max(...errorFrames), unit: 'frames', bar: '<= 64' },
    kills: { value: recoveryMs.length, unit: '', bar: null },
  });
}

/** Frame at which an as-run row began. */
async function startFrame(air: Awaited<ReturnType<typeof startAirStudio>>, asRunId: string): Promise<number> {
  const entries = await readJournal(air.studio.paths);
  const start = entries.find((entry) => entry.type === 'start' && entry.asRunId === asRunId);
  return start?.type === 'start' ? start.fromFrame : Number.NaN;
}
