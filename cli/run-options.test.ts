import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_PROFILE } from '../core/contract/profile.ts';
import { parsePort, parseProfile } from './run-options.ts';

test('a profile may name only what differs', async () => {
  assert.equal(await parseProfile(undefined), undefined);
  assert.deepEqual(await parseProfile('{"width":320,"height":180}'), { ...DEFAULT_PROFILE, width: 320, height: 180 });
  await assert.rejects(parseProfile('{"fps":24}'), { code: 'BAD_ARGUMENT', message: /fps/ });
  await assert.rejects(parseProfile('{"gopFrames":30}'), /grid/);
  await assert.rejects(parseProfile('{'), { code: 'BAD_ARGUMENT' });
  await assert.rejects(parseProfile('/nowhere.json'), { code: 'BAD_ARGUMENT' });
});

test('a port is a port', () => {
  assert.equal(parsePort('8080'), 8080);
  for (const text of ['0', '65536', 'x', '', '80.5']) assert.throws(() => parsePort(text), { code: 'BAD_ARGUMENT' });
});
