import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeHouseClip } from '../../tests/house-clip.ts';
import { TINY_PROFILE } from '../../tests/tiny-profile.ts';
import { DEFAULT_PROFILE, GRID_FRAMES, type HouseProfile } from '../contract/profile.ts';
import { h264Level } from './h264-level.ts';
import { gridFrames, houseAudioFilter, houseCodecArgs } from './house-format.ts';
import { indexAsset } from './mpegts/index-asset.ts';

test('the header is the same for other pictures, sizes of source, thread counts and sample locations', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-house-'));
  const hashOf = async (name: string, picture: string, extra: string[]) => {
    const path = join(folder, `${name}.ts`);
    await makeHouseClip(path, { frames: 64, picture, mutateArgs: (args) => args.toSpliced(-1, 0, ...extra) });
    return (await indexAsset(path, TINY_PROFILE)).headerHash;
  };
  try {
    const first = await hashOf('a', 'testsrc2', []);
    assert.equal(await hashOf('b', 'color=black', ['-threads', '1']), first);
    assert.equal(await hashOf('c', 'mandelbrot', ['-threads', '5']), first);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('lengths are whole grid units, never more than half a unit off', () => {
  const profiles = ([25, 30, 50, 60] as const).map((fps): HouseProfile => ({ ...DEFAULT_PROFILE, fps, gopFrames: 64 }));
  fc.assert(
    fc.property(fc.constantFrom(...profiles), fc.double({ min: 0, max: 20_000, noNaN: true }), (profile, seconds) => {
      const frames = gridFrames(profile, seconds);
      assert.equal(frames % GRID_FRAMES[profile.fps], 0);
      assert.ok(Math.abs(frames - seconds * profile.fps) <= GRID_FRAMES[profile.fps] / 2 + 1e-6);
    }),
  );
});

test('the level follows size, rate and bit rate', () => {
  assert.equal(h264Level(1280, 720, 30, 3000, 3), '3.1');
  assert.equal(h264Level(1280, 720, 60, 5000, 3), '3.2');
  assert.equal(h264Level(1920, 1080, 30, 6000, 3), '4.0');
  assert.equal(h264Level(1920, 1080, 60, 6000, 3), '4.2');
  assert.equal(h264Level(320, 180, 30, 600, 3), '3.0');
  assert.throws(() => h264Level(7680, 4320, 60, 6000, 3), { code: 'BAD_ARGUMENT' });
});

test('sound gets one gain, and a limiter only where it would go over the peak', () => {
  const gentle = houseAudioFilter(DEFAULT_PROFILE, 16, { integratedLufs: -23, truePeakDbtp: -9 });
  assert.match(gentle, /^volume=7\.00dB/);
  assert.doesNotMatch(gentle, /alimiter/);
  const peaky = houseAudioFilter(DEFAULT_PROFILE, 16, { integratedLufs: -30, truePeakDbtp: -9 });
  assert.match(peaky, /volume=14\.00dB.*aresample=192000,alimiter/);
  assert.match(houseAudioFilter(DEFAULT_PROFILE, 16, { integratedLufs: -58, truePeakDbtp: -50 }), /volume=30\.00dB/);
  assert.match(houseAudioFilter(DEFAULT_PROFILE, 16, null), /^aresample=48000.*atrim=end_sample=29696$/);
});

test('a transition may not have its video filled to a constant rate', () => {
  assert.ok(houseCodecArgs(DEFAULT_PROFILE, { constantRate: true }).includes('-r'));
  assert.ok(!houseCodecArgs(DEFAULT_PROFILE, { constantRate: false }).includes('-r'));
});
