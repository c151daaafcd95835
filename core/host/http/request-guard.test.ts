import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnHost, isOwnOrigin, securityHeaders } from './request-guard.ts';

test('only our own names and our own page', () => {
  assert.ok(isOwnHost('127.0.0.1:4000', 4000) && isOwnHost('localhost:4000', 4000));
  for (const host of [undefined, '', 'evil.example:4000', '127.0.0.1', '127.0.0.1:4001', '127.0.0.1:4000.evil.example'])
    assert.equal(isOwnHost(host, 4000), false, host);
  assert.ok(isOwnOrigin(undefined, 4000) && isOwnOrigin('http://127.0.0.1:4000', 4000));
  for (const origin of ['null', '', 'https://127.0.0.1:4000', 'http://127.0.0.1:4001', 'http://evil.example'])
    assert.equal(isOwnOrigin(origin, 4000), false, origin);
});

test('the policy allows blob workers and media, and no script but ours', () => {
  const csp = securityHeaders(4000)['Content-Security-Policy'] ?? '';
  assert.match(csp, /script-src 'self';/);
  assert.match(csp, /worker-src blob:;/);
  assert.match(csp, /media-src 'self' blob:;/);
  assert.doesNotMatch(csp, /script-src[^;]*(unsafe|blob|\*)/);
});
