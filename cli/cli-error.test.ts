import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StudioError } from '../core/contract/errors.ts';
import { cliFailure, formatFailure } from './cli-error.ts';

test('errors of the table keep their code, whatever class carried them', () => {
  const own = cliFailure(new StudioError('HOST_NOT_RUNNING', 'no host is running'));
  assert.deepEqual([own.code, own.exitCode], ['HOST_NOT_RUNNING', 8]);
  const remote = cliFailure(Object.assign(new Error('too late'), { code: 'LOCKED', data: {} }));
  assert.deepEqual([remote.code, remote.exitCode], ['LOCKED', 5]);
  const unknown = cliFailure(new Error('boom', { cause: new Error('inside') }));
  assert.deepEqual([unknown.code, unknown.exitCode, unknown.message], ['INTERNAL', 1, 'boom: inside']);
  assert.equal(cliFailure(Object.assign(new Error('x'), { code: 'toString' })).code, 'INTERNAL');
});

test('text for people, one JSON document for scripts', () => {
  const failure = cliFailure(new StudioError('OFF_AIR', 'the channel is off air'));
  assert.match(formatFailure(failure, false), /^the channel is off air\.\nGo on air first/);
  assert.equal(JSON.parse(formatFailure(failure, true)).error.code, 'OFF_AIR');
});
