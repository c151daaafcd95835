import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProbe } from '../../media/probe.ts';
import { pickStreams } from './pick-streams.ts';

function pick(streams: object[], languages: string[] = []) {
  const numbered = streams.map((stream, index) => ({ index, codec_name: 'x', ...stream }));
  const { video, audio, cover } = pickStreams(
    parseProbe({ format: { format_name: 'matroska' }, streams: numbered }),
    languages,
  );
  return { video: video?.index, audio: audio?.index, cover: cover?.index };
}
const picture = (width: number, disposition = {}) => ({ codec_type: 'video', width, height: 100, disposition });
const sound = (more = {}) => ({ codec_type: 'audio', channels: 2, sample_rate: '48000', ...more });

test('a cover is never the picture, and the largest picture is', () => {
  assert.deepEqual(pick([picture(1400, { attached_pic: 1 }), sound()]), { video: undefined, audio: 1, cover: 0 });
  assert.deepEqual(pick([picture(320), picture(480), picture(900, { attached_pic: 1 })]), {
    video: 1,
    audio: undefined,
    cover: 2,
  });
});

test('the programme comes before commentary, then language, default, stereo and rate count', () => {
  const commentary = sound({ tags: { title: 'Director’s commentary', language: 'eng' }, disposition: { default: 1 } });
  assert.equal(pick([commentary, sound({ tags: { language: 'eng' } })]).audio, 1);
  assert.equal(pick([sound({ disposition: { comment: 1 } }), sound()]).audio, 1);
  const tracks = [sound({ tags: { language: 'ger' } }), sound({ tags: { language: 'fre' } }), sound()];
  assert.equal(pick(tracks, ['fre', 'ger']).audio, 1);
  assert.equal(pick(tracks, ['jpn']).audio, 2);
  assert.equal(pick([sound(), sound({ disposition: { default: 1 } })]).audio, 1);
  assert.equal(pick([sound({ channels: 1 }), sound({ channels: 6 })]).audio, 1);
  assert.equal(pick([sound({ sample_rate: '8000' }), sound({ sample_rate: '16000' })]).audio, 1);
});

test('streams without a decoder or a size do not count', () => {
  const none = { codec_type: 'video', codec_name: 'none', width: 100, height: 100 };
  assert.deepEqual(pick([none, { codec_type: 'data' }]), { video: undefined, audio: undefined, cover: undefined });
});
