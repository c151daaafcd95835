import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLogger } from '../platform/logger.ts';
import { JournalReader } from './journal-reader.ts';

const line = (seq: number) => `${JSON.stringify({ seq, atMs: seq, type: 'mode', emergency: false, hold: false })}\n`;

test('hands out each whole line once, in order, from the cursor on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-journal-'));
  t.after(() => rm(folder, { recursive: true }));
  const log = createLogger('test');
  log.level = 'silent';
  const reader = new JournalReader(folder, log);
  const seqs = async (cursor: number) => (await reader.read(cursor)).map((entry) => entry.seq);

  assert.deepEqual(await new JournalReader(join(folder, 'none'), log).read(0), []);
  await appendFile(join(folder, '0001.jsonl'), line(1) + line(2) + 'not json\n' + line(3));
  await appendFile(join(folder, '0002.jsonl'), line(4) + line(5).slice(0, 10));
  assert.deepEqual(await seqs(1), [2, 3, 4]);
  assert.deepEqual(await seqs(1), []);
  await appendFile(join(folder, '0002.jsonl'), line(5).slice(10));
  assert.deepEqual(await seqs(4), [5]);
  reader.rewind();
  assert.deepEqual(await seqs(0), [1, 2, 3, 4, 5]);
});

test('a file of many chunks comes out whole', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-journal-'));
  t.after(() => rm(folder, { recursive: true }));
  const count = 20_000;
  await appendFile(join(folder, 'a.jsonl'), Array.from({ length: count }, (_, i) => line(i + 1)).join(''));
  const entries = await new JournalReader(folder, createLogger('test')).read(0);
  assert.equal(entries.length, count);
  assert.equal(entries.at(-1)?.seq, count);
});
