import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createLogger } from '../platform/logger.ts';
import { type JournalDraft, JournalFile } from './journal-file.ts';
import { journalState } from './journal-state.ts';
import { nextKeyframe, resumeFrame } from './resume-point.ts';

let folder: string;
const log = createLogger('test', {});
log.level = 'silent';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vvtv-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const engine = (event: 'started' | 'stopped', onAirSinceMs: number): JournalDraft => ({
  ...{ type: 'engine', atMs: 1, event, onAirSinceMs, pid: 1, detail: '' },
});
const start = (asRunId: string, queueItemId: string | null): JournalDraft => ({
  ...{ type: 'start', atMs: 1000, asRunId, kind: queueItemId === null ? 'emergency' : 'asset', queueItemId },
  ...{ assetId: queueItemId && `asset-of-${queueItemId}`, title: '', fromFrame: 0, frames: 960, resumed: false },
});
const end = (asRunId: string, queueItemId: string | null, willResume: boolean): JournalDraft => ({
  ...{ type: 'end', atMs: 2000, asRunId, queueItemId, toFrame: 100, reason: willResume ? 'emergency' : 'finished' },
  willResume,
});

test('numbers go on over restarts, a torn last line is cut off, a broken one is passed over', () => {
  const first = new JournalFile(folder, log);
  first.append(start('a', 'q1'));
  first.append(end('a', 'q1', false));
  first.close();
  const [name = ''] = readdirSync(folder);
  appendFileSync(join(folder, name), 'not json\n{"seq":2,"type":"sta');
  const second = new JournalFile(folder, log);
  assert.deepEqual(
    second.found.map(({ seq }) => seq),
    [0, 1],
  );
  assert.equal(second.append(start('b', 'q2')).seq, 2);
  second.close();
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines.at(-1) ?? '', /"seq":2/);
});

test('a large journal goes on in another file that can be understood alone', () => {
  const journal = new JournalFile(folder, log);
  journal.append(engine('started', 12_345));
  journal.append({ type: 'mode', atMs: 1, emergency: false, hold: true });
  for (let item = 0; item < 3000; item++) journal.append(start(`row-${item}`, `item-${item}`));
  journal.close();
  const names = readdirSync(folder).sort();
  assert.ok(names.length > 1, `${names.length} files`);
  for (const name of names.slice(0, -1)) rmSync(join(folder, name));
  const again = new JournalFile(folder, log);
  const state = journalState(again.found);
  assert.deepEqual([state.onAirSinceMs, state.hold], [12_345, true]);
  assert.ok(again.append(engine('stopped', 12_345)).seq > 3000);
  again.close();
});

test('the state after a lost engine: what was on air, what an emergency interrupted, what has aired', () => {
  const entries = (drafts: JournalDraft[]) => {
    const journal = new JournalFile(folder, log);
    const written = drafts.map((draft) => journal.append(draft));
    journal.close();
    return journalState(written);
  };
  const lost = entries([engine('started', 5), start('a', 'q1'), end('a', 'q1', false), start('b', 'q2')]);
  assert.equal(lost.onAir?.queueItemId, 'q2');
  assert.deepEqual([lost.aired, lost.onAirSinceMs], [['q1'], 5]);
  const interrupted = entries([start('a', 'q1'), end('a', 'q1', true), start('e', null)]);
  assert.deepEqual(
    [interrupted.onAir?.kind, interrupted.interrupted?.queueItemId, interrupted.interrupted?.frame],
    ['emergency', 'q1', 100],
  );
  const replaced = entries([start('a', 'q1'), end('a', 'q1', true), start('b', 'q2')]);
  assert.equal(replaced.interrupted, null);
  assert.equal(entries([engine('started', 5), engine('stopped', 5)]).onAirSinceMs, null);
});

test('an item is resumed at the keyframe that the wall clock asks for, and not when it would be over', () => {
  const item = { atMs: 10_000, fromFrame: 32, frames: 960 };
  assert.equal(resumeFrame(item, 10_000, 30, 32), 32);
  assert.equal(resumeFrame(item, 11_000, 30, 32), 64);
  assert.equal(resumeFrame(item, 11_067, 30, 32), 64);
  assert.equal(resumeFrame(item, 11_134, 30, 32), 96);
  assert.equal(resumeFrame(item, 5_000, 30, 32), 32, 'a clock that went back');
  assert.equal(resumeFrame(item, 41_000, 30, 32), null);
  assert.equal(nextKeyframe(929, 32, 960), null);
});
