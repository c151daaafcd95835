import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import sharp from 'sharp';
import { testTools } from '../../../tests/house-clip.ts';
import {
  cutFile,
  damageFile,
  makeBlackClip,
  makeClip,
  makeOddSilentClip,
  makePhoneClip,
  makeSongWithCover,
} from '../../../tests/support/source-clips.ts';
import { TINY_PROFILE } from '../../../tests/tiny-profile.ts';
import type { Tools } from '../../media/tools.ts';
import type { Checkpoint, PrepareStep } from './checkpoint.ts';
import { DEFAULT_PREPARE_SETTINGS } from './gates.ts';
import { type PreparedSource, type PrepareSourceOptions, prepareSource } from './prepare-source.ts';
import { Rejection } from './rejection.ts';

const logger = pino({ level: 'silent' });

describe('prepareSource', () => {
  let folder: string;
  let tools: Tools;
  let count = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vvtv-prepare-'));
    tools = await testTools();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const path = (name: string) => join(folder, name);

  function prepare(source: string, more: Partial<PrepareSourceOptions> = {}): Promise<PreparedSource> {
    return prepareSource({
      source: { path: source, title: 'A title & more' },
      ...{ profile: TINY_PROFILE, settings: DEFAULT_PREPARE_SETTINGS, tools, canCompare: true, headerHash: null },
      workFolder: path(`work-${count++}`),
      newAssetId: () => 'asset',
      checkpoint: null,
      save: async () => undefined,
      duplicateOf: () => null,
      onProgress: () => undefined,
      logger,
      ...more,
    });
  }

  async function rejectionOf(source: string) {
    const error = await prepare(source).then(
      () => assert.fail('it was prepared'),
      (each: unknown) => each,
    );
    if (!(error instanceof Rejection)) throw error;
    return error.reason;
  }

  /** Colour of the poster at a point given in shares of width and height. */
  async function colourAt(prepared: PreparedSource, x: number, y: number): Promise<string> {
    const { data, info } = await sharp(prepared.files.poster).raw().toBuffer({ resolveWithObject: true });
    const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return [...data.subarray(at, at + 3)].map((value) => (value > 128 ? '1' : '0')).join('');
  }

  it('prepares a plain clip with everything that belongs to it', async () => {
    const source = path('plain.mp4');
    await makeClip(source, { seconds: 3.1 });
    const steps: PrepareStep[] = [];
    const prepared = await prepare(source, { save: async (step) => void steps.push(step) });
    assert.equal(prepared.frames, 96);
    assert.deepEqual(steps, ['hash', 'listen', 'normalise', 'verify', 'compare']);
    for (const file of ['media', 'index', 'poster', 'filmstrip', 'loudness'] as const)
      assert.ok((await stat(prepared.files[file])).size > 0, file);
    assert.ok(Math.abs((prepared.qa.loudnessAfter.integratedLufs ?? 0) + 16) < 1);
    assert.ok((prepared.qa.vmafMean ?? 0) > 60, `VMAF ${prepared.qa.vmafMean}`);
    assert.deepEqual([prepared.qa.black, prepared.qa.frozen, prepared.qa.silent], [[], [], []]);
    assert.equal(prepared.filmstrip.tiles, 4);
  });

  it('turns a phone clip upright, with bars at its sides', async () => {
    const source = path('phone.mp4');
    await makePhoneClip(source);
    const prepared = await prepare(source);
    assert.equal(await colourAt(prepared, 0.05, 0.5), '000');
    assert.equal(await colourAt(prepared, 0.5, 0.1), '100');
    assert.equal(await colourAt(prepared, 0.5, 0.9), '001');
    assert.ok(prepared.qa.source.notes.some((note) => note.startsWith('turned upright')));
  });

  it('gives silence to odd pictures without sound', async () => {
    const source = path('odd.webm');
    await makeOddSilentClip(source);
    const prepared = await prepare(source);
    assert.equal(prepared.frames, 64);
    assert.equal(prepared.qa.loudnessAfter.integratedLufs, null);
    assert.equal(prepared.qa.source.audio, null);
  });

  it('shows a song with its cover, and one without with a card', async () => {
    const song = path('song.mp3');
    await makeSongWithCover(song);
    assert.equal(await colourAt(await prepare(song), 0.5, 0.5), '010');
    const bare = path('bare.wav');
    await writeFile(bare, await toneWav(2));
    const prepared = await prepare(bare);
    assert.equal(prepared.qa.source.video, null);
    assert.equal(prepared.frames, 64);
  });

  it('shows a still upright for the set time', async () => {
    const source = path('still.png');
    await sharp({ create: { width: 90, height: 160, channels: 3, background: '#0000ff' } })
      .png()
      .toFile(source);
    const settings = { ...DEFAULT_PREPARE_SETTINGS, stillSeconds: 2 };
    const prepared = await prepare(source, { settings });
    assert.equal(prepared.frames, 64);
    assert.equal(await colourAt(prepared, 0.5, 0.5), '001');
    assert.deepEqual(prepared.qa.frozen, []);
  });

  it('rejects what is no media, is empty, too short, black, or damaged, and says why', async () => {
    const page = path('page.mp4');
    await writeFile(page, '<!DOCTYPE html><html><body>Consent</body></html>');
    assert.deepEqual(await rejectionOf(page), {
      code: 'unreadable',
      message: 'This is a web page saved under the name of a video.',
    });
    await writeFile(path('empty.mp4'), '');
    assert.equal((await rejectionOf(path('empty.mp4'))).code, 'empty');
    await makeClip(path('short.mp4'), { seconds: 0.12 });
    assert.equal((await rejectionOf(path('short.mp4'))).code, 'too_short');
    await makeBlackClip(path('black.mp4'), 6);
    const black = await rejectionOf(path('black.mp4'));
    assert.equal(black.code, 'black_and_silent');
    assert.equal(black.limit, 0.5);
    assert.equal(black.atSeconds, 0);
    await makeClip(path('damaged.ts'), { seconds: 6 });
    await damageFile(path('damaged.ts'), 0.1, 3000);
    const damaged = await rejectionOf(path('damaged.ts'));
    assert.ok(['damaged', 'truncated'].includes(damaged.code), JSON.stringify(damaged));
    assert.ok((damaged.value ?? 0) > 0 && damaged.limit !== undefined);
  });

  it('prepares what is readable of a truncated file, and rejects it when that is too little', async () => {
    for (const [name, share] of [
      ['most.mkv', 0.7],
      ['little.mkv', 0.3],
    ] as const) {
      await makeClip(path(name), { seconds: 8 });
      await cutFile(path(name), share);
    }
    const prepared = await prepare(path('most.mkv'));
    assert.ok(prepared.frames > 130 && prepared.frames < 220, `${prepared.frames} frames`);
    assert.match(prepared.qa.warnings.join(' '), /are readable/);
    const reason = await rejectionOf(path('little.mkv'));
    assert.equal(reason.code, 'truncated');
    assert.ok((reason.value ?? 1) < 0.5);
  });

  it('names the twin of a duplicate', async () => {
    const error = await prepare(path('plain.mp4'), { duplicateOf: () => 'The first one' }).catch(
      (each: unknown) => each,
    );
    assert.ok(error instanceof Rejection);
    assert.equal(error.reason.code, 'duplicate');
    assert.match(error.reason.message, /The first one/);
  });

  it('goes on after a crash at any step without doing finished ones again', async () => {
    const source = path('plain.mp4');
    for (const last of ['hash', 'listen', 'normalise', 'verify', 'compare'] as const) {
      const workFolder = path(`crash-${last}`);
      let stored: Checkpoint | undefined;
      const crash = async (step: PrepareStep, checkpoint: Checkpoint) => {
        // As the store keeps it.
        stored = JSON.parse(JSON.stringify(checkpoint));
        if (step === last) throw new Error('the process died here');
      };
      await assert.rejects(prepare(source, { workFolder, save: crash }), /died here/);
      const again: PrepareStep[] = [];
      const prepared = await prepare(source, {
        workFolder,
        checkpoint: stored,
        save: async (step) => void again.push(step),
      });
      const order: PrepareStep[] = ['hash', 'listen', 'normalise', 'verify', 'compare'];
      assert.deepEqual(again, order.slice(order.indexOf(last) + 1));
      assert.equal(prepared.frames, 96);
      assert.ok(prepared.qa.vmafMean !== null);
    }
  });

  it('starts over when the source is another one, or the encoded file is gone', async () => {
    const source = path('changing.mp4');
    await makeClip(source, { seconds: 2 });
    let stored: Checkpoint | undefined;
    const workFolder = path('changing');
    const save = async (_: PrepareStep, checkpoint: Checkpoint) => {
      stored = checkpoint;
    };
    await prepare(source, { workFolder, save });
    await rm(join(workFolder, 'media.ts'));
    const again: PrepareStep[] = [];
    const remember = async (step: PrepareStep) => void again.push(step);
    await prepare(source, { workFolder, checkpoint: stored, save: remember });
    assert.deepEqual(again, ['normalise', 'verify', 'compare']);
    await makeClip(source, { seconds: 3 });
    assert.equal((await prepare(source, { workFolder, checkpoint: stored })).frames, 96);
  });
});

/** 16-bit mono PCM with a tone, 8 kHz. */
async function toneWav(seconds: number): Promise<Buffer> {
  const samples = Buffer.alloc(seconds * 8000 * 2);
  for (let n = 0; n < seconds * 8000; n++) samples.writeInt16LE(Math.round(9000 * Math.sin(n / 4)), n * 2);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  for (const [value, at] of [
    [16, 16],
    [8000, 24],
    [16_000, 28],
    [samples.length, 40],
  ] as const)
    header.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    header.writeUInt16LE(value, at);
  header.write('data', 36);
  return Buffer.concat([header, samples]);
}
