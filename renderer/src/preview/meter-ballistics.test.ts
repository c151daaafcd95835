import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METER_FLOOR_DB, MeterBallistics, meterPosition } from './meter-ballistics.ts';

test('rises at once, falls 20 dB a second, holds its peak', () => {
  const meter = new MeterBallistics();
  meter.push(1, 0);
  assert.equal(meter.levelDb, 0);
  meter.push(0, 500);
  assert.equal(meter.levelDb, -10);
  assert.equal(meter.holdDb, 0);
  for (let at = 600; at <= 6000; at += 100) meter.push(0, at);
  assert.equal(meter.levelDb, METER_FLOOR_DB);
  assert.equal(meter.holdDb, METER_FLOOR_DB);
});

test('the scale goes from the floor to full scale without a step', () => {
  assert.equal(meterPosition(-90), 0);
  assert.equal(meterPosition(-60), 0);
  assert.equal(meterPosition(-20), 0.5);
  assert.equal(meterPosition(0), 1);
  assert.equal(meterPosition(6), 1);
});
