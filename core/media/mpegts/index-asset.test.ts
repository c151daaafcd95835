import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { makeHouseClip } from '../../../tests/house-clip.ts';
import { TINY_PROFILE } from '../../../tests/tiny-profile.ts';
import { type ErrorCode, StudioError } from '../../contract/errors.ts';
import { readAssetIndex, writeAssetIndex } from './asset-index-file.ts';
import { indexAsset } from './index-asset.ts';

let folder: string;
const clip = (name: string): string => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vvtv-index-'));
  await makeHouseClip(clip('good.ts'), { frames: 80 });
});
after(() => rm(folder, { recursive: true, force: true }));

/** Replaces the value that follows an option. */
const withOption =
  (option: string, value: string) =>
  (args: string[]): string[] =>
    args.map((arg, index) => (args[index - 1] === option ? value : arg));

async function refusal(path: string): Promise<string> {
  const error = await indexAsset(path, TINY_PROFILE).then(
    () => assert.fail(`${path} was accepted`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof StudioError, String(error));
  assert.equal(error.code, 'HOUSE_MISMATCH' satisfies ErrorCode);
  return error.message;
}

test('a house clip is certified: frames, header hash, and a checksum for every byte', async () => {
  const bytes = await readFile(clip('good.ts'));
  const index = await indexAsset(clip('good.ts'), TINY_PROFILE);
  assert.equal(index.frames, 80);
  assert.equal(index.firstVideoPts, 1920);
  assert.equal(index.bytes, bytes.length);
  assert.equal(index.gops.length, 3);
  let next = 0;
  for (const [offset, length, crc] of index.gops) {
    assert.equal(offset, next);
    assert.equal(crc32(bytes.subarray(offset, offset + length)), crc);
    next = offset + length;
  }
  assert.equal(next, bytes.length);
});

test('every clip of a profile has the same header hash, whatever is in the picture', async () => {
  await makeHouseClip(clip('red.ts'), { frames: 32, picture: 'color=red', toneHz: 1000 });
  const [good, red] = await Promise.all(['good.ts', 'red.ts'].map((name) => indexAsset(clip(name), TINY_PROFILE)));
  assert.equal(good?.headerHash, red?.headerHash);
  assert.notEqual(good?.headerHash, createHash('sha256').digest('hex'));
});

test('an index is read back as it was written, and garbage is named damaged', async () => {
  const index = await indexAsset(clip('good.ts'), TINY_PROFILE);
  await writeAssetIndex(clip('good.index.json'), index);
  assert.deepEqual(await readAssetIndex(clip('good.index.json')), index);
  await writeFile(clip('bad.index.json'), '{"version":1');
  await assert.rejects(readAssetIndex(clip('bad.index.json')), { code: 'ASSET_DAMAGED' });
});

test('what differs from the house format is refused with figure and position', async () => {
  const make = async (
    name: string,
    options: Omit<Parameters<typeof makeHouseClip>[1], 'frames'> & { frames?: number },
  ) => {
    await makeHouseClip(clip(name), { frames: 64, ...options });
    return refusal(clip(name));
  };
  const x264 = (from: string, to: string) => (args: string[]) => args.map((arg) => arg.replace(from, to));
  assert.match(
    await make('gop.ts', { mutateArgs: x264('keyint=32:min-keyint=32', 'keyint=16:min-keyint=16') }),
    /a keyframe at video frame 16/,
  );
  assert.match(await make('bframes.ts', { mutateArgs: x264('bframes=0', 'bframes=2') }), /instead of|differs from/);
  assert.match(
    await make('nohdr.ts', { mutateArgs: x264('repeat-headers=1', 'repeat-headers=0') }),
    /no SPS at video frame/,
  );
  assert.match(await make('grid.ts', { frames: 70 }), /70 video frames are no multiple of the grid of 16/);
  assert.match(await make('mono.ts', { mutateArgs: withOption('-ac', '1') }), /1 channels/);
  assert.match(
    await make('pes.ts', {
      mutateArgs: (args) => withOption('-muxdelay', '0.7')(withOption('-pes_payload_size', '2930')(args)),
    }),
    /audio frame/,
  );
  assert.match(await make('fps.ts', { mutateArgs: withOption('-r', '25') }), /PTS \d+ instead of \d+ at video frame 1/);
  assert.match(
    await make('short.ts', {
      mutateArgs: (args) => args.map((arg) => arg.replace(/atrim=end_sample=\d+/, 'atrim=end_sample=80000')),
    }),
    /sound ends \d+ ms before the picture/,
  );
});

test('damaged, empty, missing and foreign files are refused', async () => {
  const bytes = await readFile(clip('good.ts'));
  await writeFile(clip('cut.ts'), bytes.subarray(0, bytes.length - 1000));
  assert.match(await refusal(clip('cut.ts')), /truncated|pes-length/);
  await writeFile(clip('hole.ts'), Buffer.concat([bytes.subarray(0, 18800), bytes.subarray(20868)]));
  assert.match(await refusal(clip('hole.ts')), /continuity at byte|pes-length at byte/);
  await writeFile(clip('empty.ts'), '');
  assert.match(await refusal(clip('empty.ts')), /no video frame/);
  await writeFile(clip('html.ts'), '<!doctype html>'.repeat(50));
  assert.match(await refusal(clip('html.ts')), /sync-lost at byte 0/);
  await assert.rejects(indexAsset(clip('nowhere.ts'), TINY_PROFILE), { code: 'MEDIA_UNREADABLE' });
  await assert.rejects(indexAsset(clip('good.ts'), TINY_PROFILE, { signal: AbortSignal.abort() }), { code: 'ABORTED' });
});
