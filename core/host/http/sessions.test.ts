import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Sessions } from './sessions.ts';

async function setUp(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-sessions-'));
  t.after(() => rm(folder, { recursive: true }));
  const clock = { nowMs: 1_000_000, wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs };
  const path = join(folder, 'sessions.json');
  const open = () => Sessions.open(path, clock, assert.ifError);
  return { clock, path, open };
}

test('a link works once; its session outlives the host, and the file does not betray it', async (t) => {
  const { path, open } = await setUp(t);
  const sessions = await open();
  const link = sessions.createLink();
  const session = await sessions.redeem(link);
  assert.ok(session);
  assert.equal(await sessions.redeem(link), null);
  assert.equal(await sessions.redeem('guess'), null);
  assert.ok(sessions.accepts(session));
  assert.equal(sessions.accepts('guess'), false);
  const later = await open();
  assert.ok(later.accepts(session));
  assert.equal(later.watchToken, sessions.watchToken);
  assert.ok(!(await readFile(path, 'utf8')).includes(session));
});

test('links and sessions end', async (t) => {
  const { clock, open } = await setUp(t);
  const sessions = await open();
  const old = sessions.createLink();
  clock.nowMs += 16 * 60_000;
  assert.equal(await sessions.redeem(old), null);
  const session = await sessions.redeem(sessions.createLink());
  assert.ok(session);
  clock.nowMs += 29 * 24 * 3600_000;
  assert.ok(sessions.accepts(session));
  clock.nowMs += 31 * 24 * 3600_000;
  assert.equal(sessions.accepts(session), false);
  await sessions.close();
});
