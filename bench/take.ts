import { setTimeout as delay } from 'node:timers/promises';
import { AIR_PROFILE, percentile, startAirStudio } from './air-studio.ts';
import { report } from './report.ts';

/**
 * Emergency takes and returns at random moments: from the command to the arrival of the first emergency keyframe at an
 * RTMP subscriber, and back. `npm run bench -- take [takes]`, 50 by default.
 */
export async function run(): Promise<void> {
  const takes = Number(process.argv[3] ?? 50);
  await using air = await startAirStudio(takes * 1.2 + 30);
  const takeMs: number[] = [];
  const returnMs: number[] = [];
  const item = new Set(air.item);
  const measure = async (on: boolean, pictures: ReadonlySet<string>): Promise<number> => {
    await delay(150 + Math.random() * 900);
    const seen = air.viewer.next('the picture changes', ({ fingerprint }) => pictures.has(fingerprint));
    const atMs = performance.now();
    await air.broadcaster.command({ name: 'emergency', on });
    return (await seen).atMs - atMs;
  };
  for (let take = 0; take < takes; take++) {
    takeMs.push(await measure(true, air.emergency));
    returnMs.push(await measure(false, item));
  }
  const { counters } = air.broadcaster.status;
  report('take', {
    take_ms_p50: { value: percentile(takeMs, 0.5), unit: 'ms', bar: null },
    take_ms_p95: { value: percentile(takeMs, 0.95), unit: 'ms', bar: '<= 200' },
    return_ms_p50: { value: percentile(returnMs, 0.5), unit: 'ms', bar: null },
    return_ms_p95: { value: percentile(returnMs, 0.95), unit: 'ms', bar: null },
    takes: { value: takeMs.length, unit: '', bar: null },
    publishes: { value: await air.server.publishes(), unit: '', bar: '= 1' },
    gaps: { value: counters.videoGaps + counters.audioGaps + counters.silentFillFrames, unit: '', bar: '= 0' },
    // RTMP has milliseconds: a step of one frame is 33 or 34 of them.
    subscriber_gaps: {
      value: air.viewer.wrongSteps('video', 90_000 / AIR_PROFILE.fps, 91).length,
      unit: '',
      bar: '= 0',
    },
  });
}
