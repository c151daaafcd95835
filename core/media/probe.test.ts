import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProbe } from './probe.ts';

const base = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1280, height: 720 };
const rotationOf = (stream: object) =>
  parseProbe({ format: { format_name: 'mov' }, streams: [{ ...base, ...stream }] }).streams[0]?.rotation;

test('rotation is found as a tag, as side data, or as both', () => {
  assert.equal(rotationOf({ tags: { rotate: '90' } }), 90);
  assert.equal(rotationOf({ side_data_list: [{ side_data_type: 'Display Matrix', rotation: -90 }] }), 90);
  assert.equal(rotationOf({ tags: { rotate: '180' }, side_data_list: [{ rotation: -180 }] }), 180);
  assert.equal(rotationOf({ side_data_list: [{ side_data_type: 'DOVI configuration record' }] }), 0);
  assert.equal(rotationOf({}), 0);
});

test('figures that ffprobe does not know are null, not zero or NaN', () => {
  const probe = parseProbe({
    format: { format_name: 'mp3', duration: 'N/A', tags: { TITLE: ' A title ' } },
    streams: [
      {
        ...base,
        codec_name: 'mjpeg',
        r_frame_rate: '90000/1',
        avg_frame_rate: '0/0',
        disposition: { attached_pic: 1 },
      },
      {
        index: 1,
        codec_type: 'audio',
        codec_name: 'aac',
        sample_rate: '44100',
        channels: 2,
        tags: { language: 'und' },
      },
      { index: 2, codec_type: 'data' },
    ],
  });
  const [picture, sound, data] = probe.streams;
  assert.equal(probe.durationSeconds, null);
  assert.equal(probe.title, 'A title');
  assert.equal(picture?.averageFrameRate, null);
  assert.ok(picture?.dispositions.has('attached_pic'));
  assert.equal(sound?.sampleRate, 44_100);
  assert.equal(sound?.language, null);
  assert.equal(data?.type, 'other');
});

test('what is no probe output is refused', () => {
  assert.throws(() => parseProbe({ streams: [] }), { name: 'ZodError' });
});
