import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchdogAct, WatchdogAction } from '../contract/watchdog.ts';
import { refusal } from './action-limits.ts';

const MINUTE = 60_000;
const act = (atMs: number, action: WatchdogAction, watchdog = 'return'): WatchdogAct => ({
  ...{ atMs, watchdog, action, reason: 'x', outcome: 'done' },
});
const asked = (atMs: number, action: WatchdogAction, watchdog = 'return') => ({
  ...{ watchdog, action, atMs, firstGapMs: MINUTE },
});

test('each repetition waits twice as long as the one before', () => {
  const once = [act(0, 'reconnect')];
  assert.equal(refusal([], asked(0, 'reconnect')), null);
  assert.match(refusal(once, asked(30_000, 'reconnect')) ?? '', /30 s ago/);
  assert.equal(refusal(once, asked(MINUTE, 'reconnect')), null);
  const twice = [...once, act(MINUTE, 'reconnect')];
  assert.match(refusal(twice, asked(2 * MINUTE, 'reconnect')) ?? '', /60 s ago/);
  assert.equal(refusal(twice, asked(3 * MINUTE, 'reconnect')), null);
});

test('the broadcaster is replaced three times an hour at most, whoever asks; after an hour all is forgotten', () => {
  const history = [0, 5, 15].map((minute) => act(minute * MINUTE, 'restart_broadcaster', `watchdog-${minute}`));
  assert.match(refusal(history, asked(50 * MINUTE, 'restart_broadcaster')) ?? '', /3 times within an hour/);
  assert.equal(refusal(history, asked(76 * MINUTE, 'restart_broadcaster')), null);
  assert.equal(refusal(history, asked(16 * MINUTE, 'reconnect')), null);
});

test('other actions are counted for each watchdog by itself', () => {
  assert.equal(refusal([act(0, 'reconnect', 'destination:a')], asked(0, 'reconnect', 'destination:b')), null);
});

test('a clock that was set back does not open the gate', () => {
  assert.match(refusal([act(10 * MINUTE, 'reconnect')], asked(9.5 * MINUTE, 'reconnect')) ?? '', /ago/);
});
