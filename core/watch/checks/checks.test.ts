import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BroadcasterStatus } from '../../contract/broadcaster-status.ts';
import type { DestinationStatus } from '../../contract/destination.ts';
import { StudioError } from '../../contract/errors.ts';
import type { StreamShape } from '../stream-shape.ts';
import type { Verdict } from '../verdict.ts';
import { checkBroadcaster } from './broadcaster.ts';
import { checkBuffer, checkFallback } from './buffer.ts';
import { checkClock } from './clock.ts';
import { checkDatabase } from './database.ts';
import { checkDestination } from './destination.ts';
import { checkDisk } from './disk.ts';
import { checkHouse } from './house.ts';
import { checkBlack, checkFrozen } from './picture.ts';
import { checkHost, checkProcess } from './processes.ts';
import { checkReturn } from './return.ts';
import { checkSound } from './sound.ts';
import { checkStream } from './stream.ts';

function says(verdict: Verdict, state: Verdict['state'], message: RegExp): void {
  assert.equal(verdict.state, state, verdict.message);
  assert.match(verdict.message, message);
}

const destination: DestinationStatus = {
  ...{ id: 'a', name: 'YouTube', maskedUrl: 'rtmp://x/•••', builtIn: false, state: 'live', sinceMs: 0 },
  ...{ bitrateKbps: 3000, reconnects: 2, droppedGops: 0, retryAtMs: null, lastError: null },
};

test('a destination is served while it is live, takes media and holds', () => {
  says(checkDestination(destination, null), 'healthy', /live with 3000 kbit\/s/);
  says(checkDestination({ ...destination, bitrateKbps: null }, null), 'healthy', /is live\.$/);
  says(checkDestination({ ...destination, bitrateKbps: 3 }, null), 'unhealthy', /takes only 3 kbit/);
  says(checkDestination({ ...destination, reconnects: 6 }, destination), 'unhealthy', /lost 4 times/);
  says(checkDestination({ ...destination, reconnects: 5 }, destination), 'healthy', /live/);
  says(checkDestination({ ...destination, state: 'disabled' }, null), 'off', /switched off/);
  const starting = { ...destination, state: 'connecting' as const, bitrateKbps: null };
  says(checkDestination(starting, null), 'unknown', /being connected/);
  says(checkDestination(starting, starting), 'unhealthy', /no media: connecting/);
  const refused = { ...destination, lastError: 'Connection refused' };
  says(checkDestination({ ...refused, state: 'circuit_open' }, null), 'unhealthy', /ten tries \(Connection refused\)/);
  says(checkDestination({ ...refused, state: 'backing_off' }, null), 'unhealthy', /no media: backing off/);
});

test('the broadcaster has to answer, with time stamps that move', () => {
  const sight = { onAirWanted: true, houseReady: true, error: null, unchangedMs: 900 };
  says(checkBroadcaster(sight), 'healthy', /answers/);
  says(checkBroadcaster({ ...sight, error: 'nobody listens' }), 'unhealthy', /nobody listens/);
  says(checkBroadcaster({ ...sight, unchangedMs: 9_000 }), 'unhealthy', /not changed for 9 s/);
  says(checkBroadcaster({ ...sight, onAirWanted: false, error: 'x' }), 'off', /off air/);
  says(checkBroadcaster({ ...sight, houseReady: false, error: 'x' }), 'excused', /rendered/);
});

test('less than an hour queued is a fault only of a library that has more', () => {
  says(checkBuffer(2 * 3_600_000, 9e9), 'healthy', /120 minutes/);
  says(checkBuffer(600_000, 9e9), 'unhealthy', /Only 10 minutes/);
  says(checkBuffer(600_000, 1_200_000), 'healthy', /10 minutes/);
  says(checkBuffer(null, 9e9), 'off', /does not tell/);
});

test('the bare slate is a fault while there is an emergency loop', () => {
  const mode = (value: BroadcasterStatus['mode']): Pick<BroadcasterStatus, 'mode'> => ({ mode: value });
  says(checkFallback(mode('slate'), 1), 'unhealthy', /slate is on air/);
  says(checkFallback(mode('slate'), 0), 'off', /rendered/);
  says(checkFallback(mode('emergency'), 1), 'healthy', /not needed/);
  says(checkFallback(null, 1), 'off', /does not answer/);
});

const grey = (luma: number): Buffer => Buffer.alloc(64 * 36, luma);
const speck = (luma: number): Buffer => {
  const picture = grey(luma);
  picture[700] = luma + 40;
  return picture;
};

test('black is black all over and in every keyframe; what explains it excuses it', () => {
  says(checkBlack([grey(16), grey(17)], null), 'unhealthy', /black/);
  says(checkBlack([grey(16), speck(16)], null), 'unhealthy', /black/);
  says(checkBlack([grey(16), grey(90)], null), 'healthy', /picture/);
  says(checkBlack([grey(16), grey(16)], 'so certified'), 'excused', /so certified/);
  says(checkBlack([grey(16)], null), 'unknown', /few keyframes/);
});

test('still is still within a sample and since the one before; one small thing that moves is enough', () => {
  says(checkFrozen([grey(90), grey(90)], null, null), 'unhealthy', /does not move/);
  says(checkFrozen([grey(90), grey(90)], grey(90), null), 'unhealthy', /does not move/);
  says(checkFrozen([grey(90), grey(90)], grey(120), null), 'healthy', /moves/);
  says(checkFrozen([grey(90), speck(90)], null, null), 'healthy', /moves/);
  says(checkFrozen([grey(90), grey(91)], null, null), 'healthy', /moves/);
  says(checkFrozen([grey(90), grey(90)], null, 'a still'), 'excused', /a still/);
  says(checkFrozen([], null, null), 'unknown', /few keyframes/);
});

test('silence is a fault that a certificate excuses', () => {
  says(checkSound(-18, null), 'healthy', /-18\.0 dBFS/);
  says(checkSound(Number.NEGATIVE_INFINITY, null), 'unhealthy', /only silence/);
  says(checkSound(-91, 'so certified'), 'excused', /so certified/);
  says(checkSound(null, null), 'unhealthy', /no sound stream/);
});

const shape: StreamShape = {
  ...{
    videoFrames: 120,
    audioFrames: 187,
    keyframes: 4,
    videoHoleMs: 0,
    audioHoleMs: 0,
    backSteps: 0,
    endOffsetMs: 12,
  },
};

test('time stamps have no holes, do not go back, and keep picture and sound together', () => {
  says(checkStream(shape, { avResidualMs: 10.7 }), 'healthy', /10\.7 ms/);
  says(checkStream({ ...shape, videoHoleMs: 500 }, null), 'unhealthy', /picture .* hole of 500 ms/);
  says(checkStream({ ...shape, audioHoleMs: 200 }, null), 'unhealthy', /sound .* hole of 200 ms/);
  says(checkStream({ ...shape, backSteps: 2 }, null), 'unhealthy', /went back 2 times/);
  says(checkStream({ ...shape, endOffsetMs: -1500 }, null), 'unhealthy', /1500 ms apart/);
  says(checkStream(shape, { avResidualMs: -40 }), 'unhealthy', /-40\.0 ms off/);
});

test('a return that cannot be read is a fault; a tool that is missing is not', () => {
  const read = { state: 'read', videoFrames: 118, seconds: 4, tookMs: 3200, fps: 30 } as const;
  says(checkReturn(read), 'healthy', /118 frames, read in 3\.2 s/);
  says(checkReturn({ ...read, videoFrames: 20 }), 'unhealthy', /20 frames instead of 120/);
  says(checkReturn({ state: 'failed', error: new StudioError('TOOL_FAILED', 'refused') }), 'unhealthy', /refused/);
  says(checkReturn({ state: 'failed', error: new StudioError('DEADLINE', 'too long') }), 'unhealthy', /too long/);
  says(checkReturn({ state: 'failed', error: new StudioError('TOOL_MISSING', 'no ffmpeg') }), 'unknown', /no ffmpeg/);
  says(checkReturn({ state: 'failed', error: new Error('no run file') }), 'unknown', /no run file/);
});

test('a locked database is no fault, a damaged one is', () => {
  const failed = (code: string): Error => Object.assign(new Error('database says no'), { code });
  says(checkDatabase({ state: 'read', tookMs: 0.4, fault: null }), 'healthy', /0\.4 ms/);
  says(checkDatabase({ state: 'read', tookMs: 5000, fault: null }), 'unknown', /took 5000/);
  says(checkDatabase({ state: 'read', tookMs: 1, fault: 'page 7 is never used' }), 'unhealthy', /page 7/);
  says(checkDatabase({ state: 'failed', error: failed('SQLITE_BUSY') }), 'unknown', /could not be read/);
  says(checkDatabase({ state: 'failed', error: failed('SQLITE_CORRUPT') }), 'unhealthy', /damaged/);
});

test('clock, disk, emergency pieces and processes', () => {
  says(checkClock(-1200), 'healthy', /evenly/);
  says(checkClock(3_600_000), 'unhealthy', /forward by 3600 s/);
  says(checkClock(-3_600_000), 'unhealthy', /back by 3600 s/);
  says(checkDisk(null), 'unknown', /does not tell/);
  says(checkDisk(2 ** 29), 'unhealthy', /Only 0\.5 GiB/);
  says(checkDisk(2 ** 34), 'healthy', /16\.0 GiB/);
  says(checkHouse(null), 'off', /rendered/);
  says(checkHouse([]), 'healthy', /certified/);
  says(checkHouse(['slate.ts: gone']), 'unhealthy', /slate\.ts: gone/);
  const process = { name: 'planner', pid: 7, state: 'running', loopDelayP99Ms: 3 } as const;
  says(checkProcess(process), 'healthy', /planner runs/);
  says(checkProcess({ ...process, loopDelayP99Ms: 2100 }), 'unhealthy', /2100 ms late/);
  says(checkProcess({ ...process, state: 'given_up' }), 'unhealthy', /died too often/);
  says(checkProcess({ ...process, state: 'backing_off' }), 'unknown', /backing off/);
  says(checkProcess({ ...process, state: 'stopped' }), 'off', /not wanted/);
  says(checkHost(5_000), 'healthy', /reports/);
  says(checkHost(60_000), 'unhealthy', /60 s/);
});
