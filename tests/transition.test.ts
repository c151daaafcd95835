import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { loadMemoryPiece } from '../core/broadcaster/memory-piece.ts';
import { Splicer } from '../core/broadcaster/splicer.ts';
import type { AssetIndex } from '../core/contract/asset-index.ts';
import { type HouseProfile, profileId } from '../core/contract/profile.ts';
import { samplesPerFrame } from '../core/media/house-format.ts';
import { indexPathOf, writeAssetIndex } from '../core/media/mpegts/asset-index-file.ts';
import { packAudioFrame } from '../core/media/mpegts/audio-unit.ts';
import { indexAsset } from '../core/media/mpegts/index-asset.ts';
import { createLogger } from '../core/platform/logger.ts';
import { pruneTransitions } from '../core/processor/transition/prune-transitions.ts';
import { renderTransition } from '../core/processor/transition/render-transition.ts';
import { makeHouseClip, testTools } from './house-clip.ts';
import { TINY_PROFILE } from './tiny-profile.ts';

/** Enough bits that what is measured is the recipe, not the encoder. */
const PROFILE: HouseProfile = { ...TINY_PROFILE, videoBitrateKbps: 4000, audioBitrateKbps: 192 };
const FADE = PROFILE.gopFrames;
/** Not a whole number of GOPs: the outgoing piece is left inside one. */
const FROM_FRAMES = 112;
const TO_FRAMES = 128;
const PICTURE_BYTES = (PROFILE.width * PROFILE.height * 3) / 2;
const SAMPLES = samplesPerFrame(PROFILE);
const AAC = 1024;

const run = promisify(execFile);
const logger = createLogger('test').child({}, { level: 'fatal' });
let folder: string;
const path = (name: string): string => join(folder, name);
const index = new Map<string, AssetIndex>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vvtv-transition-'));
  await Promise.all([
    makeHouseClip(path('a.ts'), { frames: FROM_FRAMES, profile: PROFILE, picture: 'testsrc', toneHz: 375 }),
    makeHouseClip(path('b.ts'), { frames: TO_FRAMES, profile: PROFILE, picture: 'smptebars', toneHz: 620 }),
    makeHouseClip(path('short.ts'), { frames: 64, profile: PROFILE }),
  ]);
  for (const name of ['a', 'b', 'short']) {
    index.set(name, await indexAsset(path(`${name}.ts`), PROFILE));
    await writeAssetIndex(path(`${name}.index.json`), piece(name).index);
  }
});
after(() => rm(folder, { recursive: true, force: true }));

function piece(name: string): { mediaPath: string; index: AssetIndex } {
  const found = index.get(name);
  assert.ok(found);
  return { mediaPath: path(`${name}.ts`), index: found };
}

async function render(from: string, to: string, id: string): ReturnType<typeof renderTransition> {
  return renderTransition({
    ...{ from: piece(from), to: piece(to), profile: PROFILE, outFolder: folder, work: path(`work-${id}`), id },
    ...{ tools: await testTools(), logger, signal: new AbortController().signal },
  });
}

async function decode(name: string, ...args: string[]): Promise<Buffer> {
  const { ffmpeg } = await testTools();
  const { stdout, stderr } = await run(ffmpeg, ['-v', 'error', '-i', path(name), ...args, '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  });
  assert.equal(stderr.toString(), '', `${name} decodes without a message`);
  return stdout;
}

/** Pictures of a stream, one after the other, 4:2:0. */
const pictures = (name: string): Promise<Buffer> => decode(name, '-map', '0:v', '-f', 'rawvideo');

/** Left channel of a stream from its first decoded sample on. */
async function sound(name: string): Promise<Float64Array> {
  const bytes = await decode(name, '-map', '0:a', '-ac', '2', '-f', 'f32le');
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readFloatLE(i * 8));
}

const frames = (all: Buffer, from: number, to: number): Buffer =>
  all.subarray(from * PICTURE_BYTES, to * PICTURE_BYTES);

/** Splices A, the crossfade and B as the engine does. */
async function splice(): Promise<Splicer> {
  const { headerHash } = piece('a').index;
  const splicer = new Splicer(PROFILE, packAudioFrame(Buffer.alloc(16)));
  const stretches = [
    ['a', 0, FROM_FRAMES - FADE],
    ['x', 0, FADE],
    ['b', FADE, TO_FRAMES],
  ] as const;
  for (const [name, fromFrame, toFrame] of stretches) {
    const loaded = await loadMemoryPiece(path(`${name}.ts`), { profileId: profileId(PROFILE), headerHash });
    splicer.begin({ source: loaded.source(), firstVideoPts: loaded.firstVideoPts, fromFrame, toFrame });
    assert.deepEqual(splicer.advance(Number.POSITIVE_INFINITY), { type: 'finished' });
    assert.equal(splicer.residualTicks, 0);
  }
  const out: Buffer[] = [];
  splicer.output.flush((chunk) => {
    out.push(Buffer.from(chunk.bytes));
    return false;
  });
  await writeFile(path('out.ts'), Buffer.concat(out));
  return splicer;
}

function decibels(signal: number, noise: number): number {
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
}

test('a crossfade joins two pieces without a gap, a changed picture or a click', { timeout: 60_000 }, async () => {
  const rendered = await render('a', 'b', 'x');
  assert.equal(rendered.frames, FADE);
  assert.equal(rendered.headerHash, piece('a').index.headerHash);
  const splicer = await splice();
  assert.equal(splicer.silentFillFrames, 0);
  assert.equal(splicer.output.counts.videoGaps + splicer.output.counts.audioGaps, 0);

  const [a, x, b, out] = await Promise.all([pictures('a.ts'), pictures('x.ts'), pictures('b.ts'), pictures('out.ts')]);
  const outAt = FROM_FRAMES - FADE;
  assert.ok(frames(out, 0, outAt).equals(frames(a, 0, outAt)), 'the outgoing piece is untouched');
  assert.ok(frames(out, outAt, outAt + FADE).equals(x), 'the crossfade is untouched');
  assert.ok(frames(out, outAt + FADE, outAt + TO_FRAMES).equals(frames(b, FADE, TO_FRAMES)), 'and the incoming piece');
  assertPictures(x, frames(a, outAt, FROM_FRAMES), frames(b, 0, FADE));
  assertSound(await sound('a.ts'), await sound('b.ts'), await sound('out.ts'));
});

/** The crossfade against the mix of the decoded pictures. Its last one is all of B: ffmpeg's xfade sees the end of A. */
function assertPictures(x: Buffer, a: Buffer, b: Buffer): void {
  for (let frame = 0; frame < FADE; frame += 1) {
    const share = frame === FADE - 1 ? 0 : 1 - frame / FADE;
    let error = 0;
    for (let i = frame * PICTURE_BYTES; i < (frame + 1) * PICTURE_BYTES; i += 1)
      error += ((a[i] ?? 0) * share + (b[i] ?? 0) * (1 - share) - (x[i] ?? 0)) ** 2;
    const psnr = decibels(255 ** 2, error / PICTURE_BYTES);
    assert.ok(psnr >= 35, `${psnr.toFixed(1)} dB in picture ${frame}`);
  }
}

/** The spliced sound against the mix of the two decoded pieces: equal outside, without a click at the seams. */
function assertSound(a: Float64Array, b: Float64Array, out: Float64Array): void {
  const outAt = (FROM_FRAMES - FADE) * SAMPLES;
  const length = FADE * SAMPLES;
  const wanted = (n: number): number => {
    const position = Math.min(1, Math.max(0, (n - outAt - AAC) / (length - AAC)));
    const from = position < 1 ? (a[AAC + n] ?? 0) * Math.cos((position * Math.PI) / 2) : 0;
    return from + (position > 0 ? (b[AAC + n - outAt] ?? 0) * Math.sin((position * Math.PI) / 2) : 0);
  };
  const snr = (from: number, to: number): number => {
    let signal = 0;
    let noise = 0;
    for (let n = from; n < to; n += 1) {
      signal += wanted(n) ** 2;
      noise += (wanted(n) - (out[n] ?? 0)) ** 2;
    }
    return decibels(signal, noise);
  };
  // The first decoded frame lacks its predecessor. The decoder fills noise bands (PNS) from a running generator, so that the
  // incoming piece is equal but for those.
  assert.ok(snr(AAC, outAt) >= 100, `outgoing piece: ${snr(AAC, outAt)} dB`);
  assert.ok(snr(outAt, outAt + AAC) >= 60, `seam into the crossfade: ${snr(outAt, outAt + AAC)} dB`);
  assert.ok(snr(outAt + AAC, outAt + length) >= 30, `crossfade: ${snr(outAt + AAC, outAt + length)} dB`);
  const end = outAt + length;
  assert.ok(snr(end, end + AAC) >= 50, `seam out of the crossfade: ${snr(end, end + AAC)} dB`);
  assert.ok(snr(end + AAC, end + 60_000) >= 80, `incoming piece: ${snr(end + AAC, end + 60_000)} dB`);
}

test('pieces that are too short, foreign or damaged are refused, and nothing is left behind', async () => {
  await assert.rejects(render('short', 'b', 'y'), { code: 'BAD_ARGUMENT' });
  await assert.rejects(render('a', 'short', 'y'), { code: 'BAD_ARGUMENT' });
  index.set('foreign', { ...piece('b').index, headerHash: 'other' });
  await assert.rejects(render('a', 'foreign', 'y'), { code: 'HOUSE_MISMATCH' });
  const gops = piece('a').index.gops.map((gop): [number, number, number] => [gop[0], gop[1], gop[2] ^ 1]);
  index.set('damaged', { ...piece('a').index, gops });
  await writeFile(path('damaged.ts'), Buffer.alloc(piece('a').index.bytes));
  await assert.rejects(render('damaged', 'b', 'y'), { code: 'ASSET_DAMAGED' });
  const left = (await readdir(folder)).filter((name) => name.includes('y.') || name.startsWith('work'));
  assert.deepEqual(left, []);
});

test('crossfades of former neighbours are removed once they have settled; wanted and fresh ones stay', async () => {
  const transitions = path('transitions');
  const clock = { wallMs: () => Date.now(), monotonicMs: () => 0 };
  assert.deepEqual(await pruneTransitions(transitions, new Set(), { clock, logger }), []);
  await mkdir(transitions);
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const [id, when] of [
    ['wanted', hourAgo],
    ['former', hourAgo],
    ['fresh', new Date()],
  ] as const) {
    for (const file of [`${id}.ts`, indexPathOf(`${id}.ts`)]) {
      await writeFile(join(transitions, file), '');
      await utimes(join(transitions, file), when, when);
    }
  }
  assert.deepEqual(await pruneTransitions(transitions, new Set(['wanted']), { clock, logger }), ['former']);
  assert.equal((await readdir(transitions)).length, 4);
});
