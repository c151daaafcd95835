import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TemporaryStudio, temporaryStudio } from '../../tests/support/temporary-studio.ts';
import type { JournalEntry } from '../contract/journal.ts';
import { createLogger } from '../platform/logger.ts';
import { Planner } from './planner.ts';
import { chooseNext } from './rotation.ts';

const FRAMES = 1824;
const ITEM_MS = 60_800;

/** Plays the head of the queue as the engine would, and returns the journal lines of it. */
function play({ reader }: TemporaryStudio, seq: number, atMs: number): JournalEntry[] {
  const [head] = reader.queue('main', 1);
  assert.ok(head, `the queue ran empty after ${seq / 2} items`);
  const item = { asRunId: `run-${seq}`, queueItemId: head.item.id };
  return [
    {
      ...{ ...item, seq, atMs, type: 'start', kind: 'asset', assetId: head.asset.id, title: head.asset.title },
      ...{ fromFrame: 0, frames: FRAMES, resumed: false },
    },
    {
      ...{ ...item, seq: seq + 1, atMs: atMs + ITEM_MS, type: 'end' },
      ...{ toFrame: FRAMES, reason: 'finished', willResume: false },
    },
  ];
}

test('the channel never runs out, also over restarts of the planner, and nothing airs again before half the library has', async () => {
  await using studio = await temporaryStudio();
  const { reader, writer } = studio;
  const librarySize = 9;
  for (let index = 0; index < librarySize; index += 1) await studio.addReadyAsset(`a${index}`, FRAMES);
  await writer.run('setting.set', { key: 'planner.targetBufferHours', value: 0.3 });
  let atMs = 1_000_000;
  const clock = { wallMs: () => atMs, monotonicMs: () => atMs };
  const restart = (): Planner =>
    new Planner({ reader, store: writer, channelId: 'main', choose: chooseNext, clock, logger: createLogger('test') });
  let planner = restart();
  for (let round = 0; round < 150; round += 1) {
    if (round % 20 === 0) planner = restart();
    await planner.pass();
    await writer.run('journal.import', { channelId: 'main', entries: play(studio, round * 2, atMs) });
    atMs += ITEM_MS;
  }
  const aired = reader.airedAssetIds('main', 1000);
  assert.equal(aired.length, 150);
  const rest = Math.floor(librarySize / 2);
  for (const [index, id] of aired.entries())
    assert.ok(!aired.slice(Math.max(0, index - rest), index).includes(id), `${id} again after less than ${rest}`);
  const counts = Array.from({ length: librarySize }, (_, index) => reader.asset(`a${index}`)?.airedCount ?? 0);
  assert.ok(Math.min(...counts) >= 10, `aired ${counts.join(', ')} times`);
});
