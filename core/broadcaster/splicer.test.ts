import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  AAC_FRAME_TICKS,
  DEFAULT_PROFILE,
  type FrameRate,
  frameTicks,
  GRID_FRAMES,
  type HouseProfile,
} from '../contract/profile.ts';
import { packAudioFrame } from '../media/mpegts/audio-unit.ts';
import { TsDemuxer } from '../media/mpegts/demuxer.ts';
import type { MediaUnit } from '../media/mpegts/media-unit.ts';
import { hasPcr, PACKET_BYTES, PCR_OFFSET } from '../media/mpegts/packet.ts';
import { readPcrBase, unwrapTimestamp, writeTimestamp } from '../media/mpegts/timestamp.ts';
import type { OutputChunk } from './output-chunk.ts';
import { PCR_LEAD_TICKS } from './output-stream.ts';
import { Splicer } from './splicer.ts';
import { ENDED, type Pulled, STARVED } from './unit-source.ts';

const SILENCE = packAudioFrame(Buffer.alloc(20, 0xee));

/** A video access unit of `packets` packets: the first with adaptation field (and a clock when asked), the last stuffed. */
function videoUnit(pts: number, key: boolean, packets: number, clock: boolean): MediaUnit {
  const bytes = Buffer.alloc(packets * PACKET_BYTES, 0xab);
  const payloadBytes = packets * (PACKET_BYTES - 4) - 8;
  for (let packet = 0; packet < packets; packet++) {
    const at = packet * PACKET_BYTES;
    bytes.set([0x47, packet === 0 ? 0x41 : 0x01, 0x00, (packet === 0 ? 0x30 : 0x10) | (packet & 15)], at);
    if (packet > 0) continue;
    bytes.set([7, (key ? 0x40 : 0) | (clock ? 0x10 : 0) | 0x80, 0, 0, 0, 0, 0x7e, 0], 4);
    const length = payloadBytes - 6;
    bytes.set([0, 0, 1, 0xe0, length >> 8, length & 0xff, 0x80, 0x80, 5, 0x20, 0, 0, 0, 0], 12);
    writeTimestamp(bytes, 12 + 9, pts);
  }
  return { type: 'unit', kind: 'video', pts, dts: pts, key, offset: 0, packets: bytes };
}

interface TestPiece {
  frames: number;
  firstVideoPts: number;
  /** AAC frames before the picture: priming, or the pre-roll of a crossfade piece. */
  audioLead: number;
}

function unitsOf(profile: HouseProfile, piece: TestPiece): MediaUnit[] {
  const step = frameTicks(profile);
  const units: MediaUnit[] = [];
  for (let frame = 0; frame < piece.frames; frame++)
    units.push(
      videoUnit(piece.firstVideoPts + frame * step, frame % profile.gopFrames === 0, 1 + (frame % 3), frame % 2 === 0),
    );
  const audioFrames = piece.audioLead + Math.ceil((piece.frames * step) / AAC_FRAME_TICKS) + 4;
  for (let frame = 0; frame < audioFrames; frame++)
    units.push(
      packAudioFrame(
        Buffer.alloc(150 + (frame % 80)),
        piece.firstVideoPts + (frame - piece.audioLead) * AAC_FRAME_TICKS,
      ),
    );
  return units.sort((a, b) => a.pts - b.pts);
}

/** Delivers units and, as a slow disk would, now and then nothing. */
function sourceOf(units: readonly MediaUnit[], starveEvery: number): { pull(): Pulled } {
  let next = 0;
  let calls = 0;
  return {
    pull: () => (starveEvery > 0 && ++calls % starveEvery === 0 ? STARVED : (units[next++] ?? ENDED)),
  };
}

/** Keeps a copy, since the output's memory is used again. */
function keep(chunks: OutputChunk[], { bytes, keyOffset }: OutputChunk): boolean {
  chunks.push({ bytes: Buffer.from(bytes), keyOffset });
  return false;
}

/** Holds a finished output against everything that a receiver may rely on. */
function checkOutput(
  profile: HouseProfile,
  chunks: readonly OutputChunk[],
  start: number,
): { video: number; audio: number } {
  for (const { bytes, keyOffset } of chunks) if (keyOffset >= 0) assert.equal(bytes[keyOffset], 0x47);
  const stream = Buffer.concat(chunks.map((chunk) => chunk.bytes));
  const demuxer = new TsDemuxer();
  const events = [...demuxer.push(stream), ...demuxer.flush()];
  let video = 0;
  let audio = 0;
  for (const event of events) {
    assert.equal(event.type, 'unit', JSON.stringify(event));
    if (event.type !== 'unit') continue;
    const expected = event.kind === 'video' ? start + video++ * frameTicks(profile) : start + audio++ * AAC_FRAME_TICKS;
    assert.equal(unwrapTimestamp(event.pts, expected), expected, `${event.kind} frame`);
    assert.equal(event.dts, event.pts);
  }
  let clock = start - PCR_LEAD_TICKS;
  for (let packet = 0; packet < stream.length; packet += PACKET_BYTES) {
    if (!hasPcr(stream, packet)) continue;
    const next = unwrapTimestamp(readPcrBase(stream, packet + PCR_OFFSET), clock);
    assert.ok(next >= clock && next - clock <= 3600, `clock from ${clock} to ${next}`);
    clock = next;
  }
  return { video, audio };
}

const fpsOf: fc.Arbitrary<FrameRate> = fc.constantFrom(25, 30, 50, 60);

interface Scenario {
  fps: FrameRate;
  start: number;
  pieces: {
    gops: number;
    extraGrid: number;
    zero: number;
    audioLead: number;
    inGop: number;
    cutAfter: number | null;
  }[];
  starveEvery: number;
  step: number;
}

const scenario = (cuts: boolean): fc.Arbitrary<Scenario> =>
  fc.record({
    fps: fpsOf,
    start: fc.constantFrom(90_000, 2 ** 33 - 200_000, 2 ** 34 - 48_000, 2 ** 40 + 12_345),
    pieces: fc.array(
      fc.record({
        gops: fc.integer({ min: 1, max: 3 }),
        extraGrid: fc.nat(1),
        zero: fc.constantFrom(1920, 0, 48_000, 2 ** 33 - 30_000),
        audioLead: fc.integer({ min: 1, max: 26 }),
        inGop: fc.nat(2),
        cutAfter: cuts ? fc.option(fc.nat(80)) : fc.constant(null),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    starveEvery: fc.constantFrom(0, 2, 7),
    step: fc.integer({ min: 500, max: 40_000 }),
  });

/** Plays a scenario; returns the splicer, its output and the residual of every piece. */
function play(input: Scenario): {
  splicer: Splicer;
  chunks: OutputChunk[];
  residuals: number[];
  profile: HouseProfile;
  frames: number;
} {
  const grid = GRID_FRAMES[input.fps];
  const profile = { ...DEFAULT_PROFILE, fps: input.fps, gopFrames: grid * 2 };
  const splicer = new Splicer(profile, SILENCE, input.start);
  const chunks: OutputChunk[] = [];
  const residuals: number[] = [];
  let limit = input.start;
  let frames = 0;
  for (const piece of input.pieces) {
    const total = piece.gops * profile.gopFrames + piece.extraGrid * grid;
    const fromFrame = Math.min(piece.inGop, piece.gops - 1) * profile.gopFrames;
    const units = unitsOf(profile, { frames: total, firstVideoPts: piece.zero, audioLead: piece.audioLead });
    // The wrap inside a piece: its own stamps are 33 bits wide like those of the output.
    splicer.begin({ source: sourceOf(units, input.starveEvery), firstVideoPts: piece.zero, fromFrame, toFrame: total });
    const startedAt = splicer.endTicks;
    let residual = 0;
    while (true) {
      limit += input.step;
      const result = splicer.advance(limit);
      residual = splicer.residualTicks || residual;
      splicer.output.flush((chunk) => keep(chunks, chunk));
      if (result.type === 'finished') break;
      assert.ok(result.type === 'limit' || result.type === 'starved', JSON.stringify(result));
      if (piece.cutAfter !== null && splicer.nextFrame - fromFrame > piece.cutAfter) splicer.cut();
    }
    limit = Math.max(limit - input.step, splicer.endTicks);
    frames += (splicer.endTicks - startedAt) / frameTicks(profile);
    residuals.push(residual);
  }
  return { splicer, chunks, residuals, profile, frames };
}

test('whole pieces on the grid: every delta exact, residual 0, no silence, whatever the disk and the ticks do', () => {
  fc.assert(
    fc.property(scenario(false), (input) => {
      const { splicer, chunks, residuals, profile, frames } = play(input);
      const written = checkOutput(profile, chunks, input.start);
      assert.equal(written.video, frames);
      assert.deepEqual(new Set(residuals), new Set([0]));
      assert.equal(splicer.silentFillFrames, 0);
      assert.deepEqual([splicer.output.counts.videoGaps, splicer.output.counts.audioGaps], [0, 0]);
      assert.equal(written.audio * AAC_FRAME_TICKS, written.video * frameTicks(profile));
    }),
    { numRuns: 150 },
  );
});

test('takes after any frame: every delta exact, residual within half an AAC frame, never growing', () => {
  fc.assert(
    fc.property(scenario(true), (input) => {
      const { splicer, chunks, residuals, profile, frames } = play(input);
      const written = checkOutput(profile, chunks, input.start);
      assert.equal(written.video, frames);
      for (const residual of residuals) assert.ok(residual > -961 && residual <= 960, `residual ${residual}`);
      const end = written.audio * AAC_FRAME_TICKS - written.video * frameTicks(profile);
      assert.ok(end > -960 && end <= 960, `sound ends ${end} ticks from the picture`);
      assert.equal(splicer.silentFillFrames, 0);
    }),
    { numRuns: 150 },
  );
});

test('a cut on the grid heals what a take left: the next piece has residual 0, at most one grid unit later', () => {
  fc.assert(
    fc.property(fpsOf, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 60 }), (fps, takeAt, healAt) => {
      const grid = GRID_FRAMES[fps];
      const profile = { ...DEFAULT_PROFILE, fps, gopFrames: grid * 2 };
      const splicer = new Splicer(profile, SILENCE);
      const units = unitsOf(profile, { frames: 256, firstVideoPts: 1920, audioLead: 1 });
      const begin = (): void =>
        splicer.begin({ source: sourceOf(units, 0), firstVideoPts: 1920, fromFrame: 0, toFrame: 256 });
      const playTo = (frame: number): void => {
        splicer.advance(splicer.endTicks + (frame - 1) * frameTicks(profile));
        assert.equal(splicer.nextFrame, frame);
      };
      begin();
      playTo(takeAt);
      splicer.cut();
      begin();
      playTo(healAt + 1);
      splicer.cutOnGrid();
      splicer.cutOnGrid();
      assert.equal(splicer.advance(Number.POSITIVE_INFINITY).type, 'finished');
      assert.ok(splicer.nextFrame - (healAt + 1) < grid, `${splicer.nextFrame - (healAt + 1)} frames later`);
      begin();
      assert.equal(splicer.advance(Number.POSITIVE_INFINITY).type, 'finished');
      assert.equal(splicer.residualTicks, 0);
      assert.equal(splicer.silentFillFrames, 0);
    }),
  );
});

test('sound that is missing in a piece is silence of the right length, and the next piece is in sync again', () => {
  const profile = DEFAULT_PROFILE;
  const splicer = new Splicer(profile, SILENCE);
  const chunks: OutputChunk[] = [];
  const piece = unitsOf(profile, { frames: 64, firstVideoPts: 1920, audioLead: 1 });
  const holed = piece.filter((unit) => unit.kind === 'video' || unit.pts < 60_000 || unit.pts > 90_000);
  for (const units of [holed, piece]) {
    splicer.begin({ source: sourceOf(units, 0), firstVideoPts: 1920, fromFrame: 0, toFrame: 64 });
    assert.equal(splicer.advance(Number.POSITIVE_INFINITY).type, 'finished');
    assert.equal(splicer.residualTicks, 0);
    splicer.output.flush((chunk) => keep(chunks, chunk));
  }
  assert.equal(splicer.silentFillFrames, piece.length - holed.length);
  assert.deepEqual(checkOutput(profile, chunks, 90_000), { video: 128, audio: 200 });
});

test('a piece with a frame missing is left as damaged before the hole, and what follows is seamless', () => {
  const profile = DEFAULT_PROFILE;
  const splicer = new Splicer(profile, SILENCE);
  const chunks: OutputChunk[] = [];
  const piece = unitsOf(profile, { frames: 64, firstVideoPts: 1920, audioLead: 1 });
  const broken = piece.filter((unit) => unit.kind === 'audio' || unit.pts !== 1920 + 40 * 3000);
  splicer.begin({ source: sourceOf(broken, 0), firstVideoPts: 1920, fromFrame: 0, toFrame: 64 });
  const result = splicer.advance(Number.POSITIVE_INFINITY);
  assert.equal(result.type === 'damage' && result.kind, 'frame-order');
  splicer.begin({ source: sourceOf(piece, 0), firstVideoPts: 1920, fromFrame: 32, toFrame: 64 });
  assert.equal(splicer.advance(Number.POSITIVE_INFINITY).type, 'finished');
  splicer.output.flush((chunk) => keep(chunks, chunk));
  assert.equal(checkOutput(profile, chunks, 90_000).video, 72);
});

test('a piece that does not start with a keyframe is damage, not a broken picture', () => {
  const splicer = new Splicer(DEFAULT_PROFILE, SILENCE);
  const units = unitsOf(DEFAULT_PROFILE, { frames: 64, firstVideoPts: 1920, audioLead: 1 });
  splicer.begin({ source: sourceOf(units, 0), firstVideoPts: 1920, fromFrame: 5, toFrame: 64 });
  assert.equal(splicer.advance(Number.POSITIVE_INFINITY).type, 'damage');
  assert.equal(splicer.output.counts.videoFrames, 0);
});

test('silent AAC frames packed by us are read back as one access unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 2000 }), (bytes) => {
      const unit = packAudioFrame(Buffer.alloc(bytes, 0x55), 1920);
      const demuxer = new TsDemuxer({ pids: { videoPid: 256, audioPid: 257, pcrPid: 256 } });
      const [read] = demuxer.push(unit.packets);
      assert.equal(demuxer.damage, null);
      assert.ok(read?.type === 'unit' && read.pts === 1920);
    }),
  );
});
