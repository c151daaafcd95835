import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from './format.ts';

test('lengths and countdowns', () => {
  assert.equal(format.duration(0), '0:00');
  assert.equal(format.duration(245_400), '4:05');
  assert.equal(format.duration(3_729_000), '1:02:09');
  assert.equal(format.countdown(132_100), '02:13');
  assert.equal(format.countdown(-5), '00:00');
  assert.equal(format.countdown(3_729_000), '1:02:09');
});

test('uptime shows days only when there are any', () => {
  assert.equal(format.uptime(17_469_000), '04:51:09');
  assert.equal(format.uptime(12 * 86_400_000 + 17_469_000), '12d 04:51:09');
});

test('frames of the second stay below the frame rate', () => {
  assert.equal(format.frameOfSecond(1_000_999, 30), '29');
  assert.equal(format.frameOfSecond(1_000_000, 30), '00');
  assert.equal(format.frameOfSecond(1_000_500, 25), '12');
});

test('figures: unknown is a dash, never a zero', () => {
  assert.equal(format.bitrate(null), '—');
  assert.equal(format.bitrate(3_171), '3.2 Mb/s');
  assert.equal(format.bitrate(840), '840 kb/s');
  assert.equal(format.bytes(null), '—');
  assert.equal(format.bytes(82_400_000), '82 MB');
  assert.equal(format.bytes(1_500), '1.5 kB');
  assert.equal(format.percent(null), '—');
  assert.equal(format.percent(38.2), '38\u2009%');
  assert.equal(format.lufs(null), '—');
  assert.equal(format.lufs(-16), '−16.0 LUFS');
  assert.equal(format.signed(-0.04, 1), '0.0');
  assert.equal(format.count(4318), '4\u2009318');
});

test('rough lengths for people', () => {
  assert.equal(format.roughly(14_000), '14 s');
  assert.equal(format.roughly(200_000), '3 m 20 s');
  assert.equal(format.roughly(2_520_000), '42 m');
  assert.equal(format.roughly(42_120_000), '11 h 42 m');
  assert.equal(format.roughly(4 * 86_400_000 + 7_300_000), '4 d 2 h');
});
