import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FfmpegLog } from './ffmpeg-log.ts';

function read(text: string): FfmpegLog {
  const log = new FfmpegLog();
  for (const line of text.split('\n')) log.take(line);
  return log;
}

test('stretches, decode counts and loudness are read from what ffmpeg 7 prints', () => {
  const log = read(`[silencedetect @ 0x7f0e6c002480] [info] silence_start: 17.006208
[silencedetect @ 0x7f0e6c002480] [info] silence_end: 20.004542 | silence_duration: 2.998333
[blackdetect @ 0x7f6598002740] [info] black_start:4 black_end:7 black_duration:3
[freezedetect @ 0x7f6598010f00] [info] lavfi.freezedetect.freeze_start: 10
[freezedetect @ 0x7f6598010f00] [info] lavfi.freezedetect.freeze_duration: 4
[freezedetect @ 0x7f6598010f00] [info] lavfi.freezedetect.freeze_end: 14
[vist#0:0/h264 @ 0x561dd3d22c80] [dec:h264 @ 0x561dd3d4ec40] [warning] corrupt decoded frame
[aist#0:1/aac @ 0x1] [dec:aac @ 0x2] [error] Error submitting packet to decoder: Invalid data found when processing input
[in#0/mov @ 0x1] [verbose]   Input stream #0:1 (audio): 173 packets read (128490 bytes); 170 frames decoded; 3 decode errors (1 samples);
[Parsed_ebur128_1 @ 0x7f0e6c0027c0] [info] Summary:

  Integrated loudness:
    I:          -5.8 LUFS
    Threshold: -18.1 LUFS

  Loudness range:
    LRA:        22.5 LU
    Threshold: -31.1 LUFS

  True peak:
    Peak:       12.2 dBFS`);
  assert.deepEqual(log.silent, [{ fromSeconds: 17.006208, toSeconds: 20.004542 }]);
  assert.deepEqual(log.black, [{ fromSeconds: 4, toSeconds: 7 }]);
  assert.deepEqual(log.seenUntil(99).frozen, [{ fromSeconds: 10, toSeconds: 14 }]);
  assert.deepEqual(log.decoded.get('0:1'), { packets: 173, frames: 170, errors: 3 });
  assert.equal(log.corruptFrames, 1);
  assert.equal(log.errorCount, 1);
  assert.deepEqual(log.loudness, { integratedLufs: -5.8, thresholdLufs: -18.1, rangeLu: 22.5, truePeakDbtp: 12.2 });
});

test('a stretch that goes on is seen up to now, and one too short to be reported ends', () => {
  const log = read(
    '[Parsed_metadata_14 @ 0x1] [info] lavfi.black_start=0\n[x] [info] lavfi.freezedetect.freeze_start: 0',
  );
  assert.deepEqual(log.seenUntil(12).black, [{ fromSeconds: 0, toSeconds: 12 }]);
  assert.deepEqual(log.seenUntil(12).frozen, [{ fromSeconds: 0, toSeconds: 12 }]);
  log.take('[Parsed_metadata_15 @ 0x1] [info] lavfi.black_end=0.3');
  assert.deepEqual(log.seenUntil(12).black, []);
});

test('no sound at all measures minus infinity, not a number of its own', () => {
  const log = read('    I:         -70.0 LUFS\n    Peak:       -inf dBFS');
  assert.equal(log.loudness.integratedLufs, -70);
  assert.equal(log.loudness.truePeakDbtp, Number.NEGATIVE_INFINITY);
});
