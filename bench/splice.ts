import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadHousePieces } from '../core/broadcaster/house-pieces.ts';
import { loadMemoryPiece, type MemoryPiece } from '../core/broadcaster/memory-piece.ts';
import { PieceReader } from '../core/broadcaster/piece-reader.ts';
import { Splicer, TIMELINE_START_TICKS } from '../core/broadcaster/splicer.ts';
import {
  AAC_FRAME_TICKS,
  frameTicks,
  profileId,
  TICKS_PER_SECOND,
  transitionFrames,
} from '../core/contract/profile.ts';
import { TsDemuxer } from '../core/media/mpegts/demuxer.ts';
import { unwrapTimestamp } from '../core/media/mpegts/timestamp.ts';
import { createLogger } from '../core/platform/logger.ts';
import { testTools } from '../tests/house-clip.ts';
import { makeStudio, type StudioFixture } from '../tests/studio-fixture.ts';
import { TINY_PROFILE } from '../tests/tiny-profile.ts';
import { report } from './report.ts';

const runTool = promisify(execFile);
const SPLICES = 1_000;
const CLIPS = 5;

/** What came out, checked by reading the file again with nothing of the splicer's own bookkeeping. */
interface Checked {
  videoGaps: number;
  audioGaps: number;
  driftMs: number;
}

/**
 * A thousand splices with a crossfade at every join, as fast as the disk allows, into a file that is then read and decoded
 * again; and a thousand takes after random frames. `npm run bench -- splice`.
 */
export async function run(): Promise<void> {
  const pictures = ['testsrc2', 'smptebars', 'mandelbrot', 'rgbtestsrc', 'testsrc'];
  const clips = pictures.map((picture, number) => ({ frames: 96 + 32 * number, picture, toneHz: 300 + 150 * number }));
  await using studio = await makeStudio({ profile: TINY_PROFILE, clips });
  const out = join(studio.paths.root, 'out.ts');
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const splicer = await spliceWithCrossfades(studio, out);
  const cpu = process.cpuUsage(cpuBefore);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const seconds = splicer.output.counts.videoFrames / TINY_PROFILE.fps;
  const checked = await check(out);
  const takes = await randomTakes(studio);
  report('splice', {
    splices: { value: splicer.splices - 1, unit: '', bar: `>= ${SPLICES}` },
    video_gaps: { value: checked.videoGaps + splicer.output.counts.videoGaps, unit: '', bar: '= 0' },
    audio_gaps: { value: checked.audioGaps + splicer.output.counts.audioGaps, unit: '', bar: '= 0' },
    av_drift_ms: { value: checked.driftMs, unit: 'ms', bar: '= 0' },
    decode_errors: { value: await decodeErrors(out), unit: 'messages', bar: '= 0' },
    silent_fill_frames: { value: splicer.silentFillFrames, unit: '', bar: '= 0' },
    take_residual_max_ms: { value: takes.residualMs, unit: 'ms', bar: '<= 11' },
    take_gaps: { value: takes.gaps, unit: '', bar: '= 0' },
    take_silent_fill_frames: { value: takes.silentFillFrames, unit: '', bar: '= 0' },
    output_seconds: { value: seconds, unit: 's', bar: null },
    times_real_time: { value: seconds / wallSeconds, unit: '×', bar: '>= 1' },
    cpu_s_per_min: { value: (cpu.user + cpu.system) / 1e6 / (seconds / 60), unit: 's/min', bar: null },
  });
}

async function spliceWithCrossfades(studio: StudioFixture, path: string): Promise<Splicer> {
  const { profile, assets, houseFolder } = studio;
  const house = await loadHousePieces(houseFolder, createLogger('bench'));
  const fades: MemoryPiece[] = [];
  for (let from = 0; from < CLIPS; from++)
    fades.push(await loadMemoryPiece(await studio.addTransition(from, (from + 1) % CLIPS), house.identity));
  const splicer = new Splicer(profile, house.silence);
  const file = createWriteStream(path);
  const fade = transitionFrames(profile);
  for (let item = 0; splicer.splices <= SPLICES; item++) {
    const number = item % CLIPS;
    const asset = assets[number];
    const piece = fades[number];
    if (!asset || !piece) throw new Error('no such clip');
    const from = item === 0 ? 0 : fade;
    const reader = await PieceReader.open(asset.media, house.identity, profile.gopFrames, from);
    await splice(splicer, { source: reader, reader, fromFrame: from, toFrame: asset.index.frames - fade }, file);
    reader.dispose();
    await splice(splicer, { source: piece.source(), reader: piece, fromFrame: 0, toFrame: fade }, file);
  }
  await new Promise<void>((resolve) => file.end(() => resolve()));
  return splicer;
}

interface Stretch {
  source: { pull: PieceReader['pull'] };
  reader: { firstVideoPts: number; ready?: () => Promise<void> };
  fromFrame: number;
  toFrame: number;
}

async function splice(splicer: Splicer, stretch: Stretch, file: NodeJS.WritableStream | null): Promise<void> {
  const { source, reader, fromFrame, toFrame } = stretch;
  splicer.begin({ source, firstVideoPts: reader.firstVideoPts, fromFrame, toFrame });
  while (true) {
    const result = splicer.advance(Number.POSITIVE_INFINITY);
    splicer.output.flush(({ bytes }) => {
      file?.write(Buffer.from(bytes));
      return false;
    });
    if (result.type === 'finished') return;
    if (result.type !== 'starved') throw new Error(JSON.stringify(result));
    await reader.ready?.();
  }
}

async function check(path: string): Promise<Checked> {
  const demuxer = new TsDemuxer();
  let video = 0;
  let audio = 0;
  const checked: Checked = { videoGaps: 0, audioGaps: 0, driftMs: 0 };
  const take = (events: ReturnType<TsDemuxer['push']>): void => {
    for (const event of events) {
      if (event.type === 'damage') throw new Error(`${event.kind}: ${event.detail}`);
      const isVideo = event.kind === 'video';
      const step = isVideo ? frameTicks(TINY_PROFILE) : AAC_FRAME_TICKS;
      const expected = TIMELINE_START_TICKS + (isVideo ? video++ : audio++) * step;
      if (unwrapTimestamp(event.pts, expected) === expected) continue;
      if (isVideo) checked.videoGaps++;
      else checked.audioGaps++;
    }
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) take(demuxer.push(chunk));
  take(demuxer.flush());
  const drift = video * frameTicks(TINY_PROFILE) - audio * AAC_FRAME_TICKS;
  return { ...checked, driftMs: (Math.abs(drift) * 1000) / TICKS_PER_SECOND };
}

/** Messages of a full decode. */
async function decodeErrors(path: string): Promise<number> {
  const { ffmpeg } = await testTools();
  const { stderr } = await runTool(ffmpeg, ['-hide_banner', '-v', 'warning', '-i', path, '-f', 'null', '-'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stderr.split('\n').filter((line) => line.trim() !== '').length;
}

/** Cuts after random frames: the operator's take, a thousand times. */
async function randomTakes(
  studio: StudioFixture,
): Promise<{ residualMs: number; gaps: number; silentFillFrames: number }> {
  const house = await loadHousePieces(studio.houseFolder, createLogger('bench'));
  const identity = { profileId: profileId(studio.profile), headerHash: house.identity.headerHash };
  const pieces = await Promise.all(studio.assets.map(({ media }) => loadMemoryPiece(media, identity)));
  const splicer = new Splicer(studio.profile, house.silence);
  const random = seeded(20_26);
  let residualTicks = 0;
  for (let take = 0; take < SPLICES; take++) {
    const piece = pieces[Math.floor(random() * pieces.length)];
    if (!piece) continue;
    const toFrame = 2 + Math.floor(random() * (piece.frames - 2));
    await splice(splicer, { source: piece.source(), reader: piece, fromFrame: 0, toFrame }, null);
    residualTicks = Math.max(residualTicks, Math.abs(splicer.residualTicks));
  }
  const { videoGaps, audioGaps } = splicer.output.counts;
  const residualMs = (residualTicks * 1000) / TICKS_PER_SECOND;
  return { residualMs, gaps: videoGaps + audioGaps, silentFillFrames: splicer.silentFillFrames };
}

/** Mulberry32: the same cuts in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
