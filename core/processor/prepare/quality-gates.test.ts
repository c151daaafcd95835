import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Stretch } from '../../contract/asset.ts';
import type { ProbedStream } from '../../media/probe.ts';
import { parseProbe } from '../../media/probe.ts';
import { DEFAULT_PREPARE_SETTINGS as settings } from './gates.ts';
import type { Inspection } from './inspect-source.ts';
import type { Listening } from './listen.ts';
import type { Look } from './normalise.ts';
import { judgeListening, judgeLook } from './quality-gates.ts';

const [video, audio]: (ProbedStream | undefined)[] = parseProbe({
  format: { format_name: 'mp4' },
  streams: [
    { index: 0, codec_type: 'video', codec_name: 'h264', width: 640, height: 360 },
    { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2 },
  ],
}).streams;
const source: Inspection = {
  ...{ kind: 'video', container: 'mp4', promisedSeconds: 100, cover: null, notes: [] },
  ...{ video: video ?? null, audio: audio ?? null },
};
const heard: Listening = {
  ...{ videoPackets: 3000, videoEndSeconds: 100, audioEndSeconds: 100, loudness: null, silent: [] },
  ...{ audioPackets: 4000, audioErrors: 0, errors: [] },
};
const clean: Look = {
  ...{ black: [], frozen: [], pictures: 3000, damagedPictures: 0, damagedAtSeconds: null },
  ...{ soundPackets: 4000, damagedSoundPackets: 0 },
};
const stretch = (fromSeconds: number, toSeconds: number): Stretch => ({ fromSeconds, toSeconds });
const judge = (look: Partial<Look>, more: Partial<Listening> = {}) =>
  judgeLook(source, { ...heard, ...more }, { ...clean, ...look }, 100, settings);

test('each gate names itself, the value, the limit and the time', () => {
  assert.equal(judge({}), null);
  const black = judge({ black: [stretch(3, 95)] });
  assert.deepEqual(
    [black?.code, black?.gate, black?.value, black?.limit, black?.atSeconds],
    ['black', 'blackRatioMax', 0.92, 0.9, 3],
  );
  assert.equal(judge({ black: [stretch(0, 60)] }, { silent: [stretch(5, 58)] })?.code, 'black_and_silent');
  assert.equal(judge({ black: [stretch(0, 60)] }, { silent: [stretch(60, 100)] }), null);
  assert.equal(judge({ frozen: [stretch(20, 81)] })?.code, 'frozen');
  assert.equal(judge({ damagedPictures: 200, damagedAtSeconds: 7 })?.atSeconds, 7);
  assert.equal(judge({ damagedPictures: 100 }), null);
  assert.equal(judge({ damagedSoundPackets: 1000 })?.gate, 'damagedSoundRatioMax');
});

test('a still ident is no frozen programme', () => {
  assert.equal(judgeLook(source, heard, { ...clean, frozen: [stretch(0, 5)] }, 5, settings), null);
});

test('the first pass tells what is cut off and what is silent', () => {
  assert.equal(judgeListening(source, { ...heard, videoEndSeconds: 51 }, settings), null);
  const cut = judgeListening(source, { ...heard, videoEndSeconds: 49 }, settings);
  assert.deepEqual([cut?.code, cut?.value, cut?.atSeconds], ['truncated', 0.49, 49]);
  const song: Inspection = { ...source, kind: 'audio', video: null };
  assert.equal(judgeListening(song, { ...heard, silent: [stretch(0, 95)] }, settings)?.code, 'silent');
  assert.equal(judgeListening(source, { ...heard, silent: [stretch(0, 95)] }, settings), null);
});

test('a verdict reached early stays: more of the source only adds to it', () => {
  const seconds = fc.double({ min: 0, max: 100, noNaN: true });
  const stretches = fc.array(fc.tuple(seconds, seconds), { maxLength: 4 });
  const toStretches = (pairs: [number, number][]) => pairs.map(([a, b]) => stretch(Math.min(a, b), Math.max(a, b)));
  fc.assert(
    fc.property(stretches, stretches, fc.nat(300), (first, second, damagedPictures) => {
      const early = judge({ black: toStretches(first), damagedPictures });
      if (!early) return;
      const late = judge({ black: toStretches([...first, ...second]), damagedPictures: damagedPictures + 10 });
      assert.notEqual(late, null);
    }),
  );
});
