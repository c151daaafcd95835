import type { Page } from 'playwright-core';
import { withStudio } from '../cli/studio-connection.ts';
import type { BroadcasterStatus } from '../core/contract/broadcaster-status.ts';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { BIT_PX, CLIP_BITS, FRAME_BITS } from '../tests/page/generated-clips.ts';
import { openBrowser } from '../tests/page/open-browser.ts';
import { PageStudio } from '../tests/page/page-studio.ts';
import { report } from './report.ts';

/** The default picture with a quicker preset: the latency is the same and the clips are ready sooner. */
const PROFILE = { ...DEFAULT_PROFILE, preset: 'ultrafast' as const };
const CLIPS = 3;
const CLIP_SECONDS = 40;
const MEASURED_MS = 60_000;
const SETTLE_MS = 6_000;
const SAMPLE_MS = 200;
const START_DEADLINE_MS = 90_000;

interface Sample {
  atMs: number;
  clip: number;
  frame: number;
}

/**
 * How far the picture in the control room is behind the engine: every frame of the clips carries its number, which is read
 * back from the video element and compared with the frame that the engine says is on air at that moment. Then the
 * broadcaster is killed, and the preview has to come back by itself.
 */
export async function run(): Promise<void> {
  await using studio = await PageStudio.start({ clips: CLIPS, seconds: CLIP_SECONDS, profile: PROFILE });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    await page.goto(studio.link);
    await page.locator('.badge[data-kind="asset"]').waitFor({ timeout: START_DEADLINE_MS });
    await page.locator('video[data-playing="true"]').waitFor({ timeout: START_DEADLINE_MS });
    await page.waitForTimeout(SETTLE_MS);
    const before = await playbackQuality(page);
    const behindMs = await measureBehind(page, studio.dataDir);
    const after = await playbackQuality(page);
    const restart = await measureRestart(page, studio);
    report('preview', {
      behind_engine_ms_p95: { value: percentile(behindMs, 0.95), unit: 'ms', bar: '<= 1200' },
      behind_engine_ms_p50: { value: percentile(behindMs, 0.5), unit: 'ms', bar: null },
      behind_engine_ms_max: { value: percentile(behindMs, 1), unit: 'ms', bar: null },
      samples: { value: behindMs.length, unit: '', bar: null },
      dropped_frames: { value: after.dropped - before.dropped, unit: 'frames', bar: null },
      shown_frames: { value: after.total - before.total, unit: 'frames', bar: null },
      rebuilds_after_restart: { value: restart.rebuilds, unit: '', bar: '>= 1' },
      picture_back_ms: { value: restart.backMs, unit: 'ms', bar: null },
    });
  } finally {
    await browser.close();
  }
}

/** Frames between the engine and the picture, as milliseconds, for every picture that can be told apart. */
async function measureBehind(page: Page, dataDir: string): Promise<number[]> {
  const samples: Sample[] = [];
  const statuses: BroadcasterStatus[] = [];
  await withStudio(dataDir, async (client) => {
    const stop = new AbortController();
    const events = await client.channel.live(undefined, { signal: stop.signal });
    const following = (async () => {
      for await (const event of events) {
        if (event.type === 'status' && event.status) statuses.push(event.status);
      }
    })();
    const end = Date.now() + MEASURED_MS;
    while (Date.now() < end) {
      const sample = await readPicture(page);
      if (sample) samples.push(sample);
      await page.waitForTimeout(SAMPLE_MS);
    }
    stop.abort();
    await following.catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  });
  return samples.flatMap((sample) => behindOf(sample, statuses) ?? []);
}

/** Null in and next to a crossfade, and while picture and engine are in different clips: the numbers cannot be compared then. */
function behindOf(sample: Sample, statuses: readonly BroadcasterStatus[]): number | null {
  const status = statuses.findLast(({ atMs }) => atMs <= sample.atMs);
  const program = status?.program;
  if (!status || program?.kind !== 'asset' || program.title !== `Clip ${sample.clip}`) return null;
  const engineFrame = program.positionFrames + ((sample.atMs - status.atMs) * PROFILE.fps) / 1000;
  if (sample.frame < 2 * PROFILE.gopFrames || engineFrame > program.totalFrames - 2 * PROFILE.gopFrames) return null;
  return ((engineFrame - sample.frame) * 1000) / PROFILE.fps;
}

/** Reads the squares of tests/page/generated-clips.ts off the picture that is shown now. */
async function readPicture(page: Page): Promise<Sample | null> {
  const bits = FRAME_BITS + CLIP_BITS;
  const read: unknown = await page.evaluate(`(() => {
    const video = document.querySelector('video');
    const canvas = globalThis.benchCanvas ??= new OffscreenCanvas(320, 180);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(video, 0, 0, 320, 180);
    const atMs = Date.now();
    const row = context.getImageData(0, 10, 320, 1).data;
    return [atMs, ...Array.from({ length: ${bits} }, (_, bit) => row[(bit * ${BIT_PX} + ${BIT_PX / 2}) * 4])];
  })()`);
  if (!Array.isArray(read)) return null;
  const [atMs, ...levels] = read.map(Number);
  if (atMs === undefined || levels.some((level) => level > 80 && level < 170)) return null;
  const value = (from: number, count: number) =>
    levels.slice(from, from + count).reduce((sum, level, bit) => sum + (level > 125 ? 2 ** bit : 0), 0);
  const clip = value(FRAME_BITS, CLIP_BITS);
  return clip >= 1 && clip <= CLIPS ? { atMs, clip, frame: value(0, FRAME_BITS) } : null;
}

async function measureRestart(page: Page, studio: PageStudio): Promise<{ rebuilds: number; backMs: number }> {
  const rebuilds = async () => Number(await page.locator('video').getAttribute('data-rebuilds'));
  const before = await rebuilds();
  const startedAt = Date.now();
  await studio.killBroadcaster();
  await page.locator(`video:not([data-rebuilds="${before}"])[data-playing="true"]`).waitFor({ timeout: 60_000 });
  return { rebuilds: (await rebuilds()) - before, backMs: Date.now() - startedAt };
}

async function playbackQuality(page: Page): Promise<{ dropped: number; total: number }> {
  const read: unknown = await page.evaluate(`(() => {
    const quality = document.querySelector('video').getVideoPlaybackQuality();
    return [quality.droppedVideoFrames, quality.totalVideoFrames];
  })()`);
  const [dropped = Number.NaN, total = Number.NaN] = Array.isArray(read) ? read.map(Number) : [];
  return { dropped, total };
}

function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
