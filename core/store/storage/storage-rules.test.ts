import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ROTATION_NEEDS } from './asset-rules.ts';
import type { AssetFact, StorageFacts, Stored } from './storage-facts.ts';
import { planStorage } from './storage-rules.ts';

const DAY_MS = 24 * 3600_000;
const NOW_MS = 1000 * DAY_MS;

const ageMs = fc.integer({ min: 0, max: 100 }).map((days) => NOW_MS - days * DAY_MS);
const maybeAgeMs = fc.option(ageMs);
const stored = (name: fc.Arbitrary<string>): fc.Arbitrary<Stored> =>
  fc.record({ name, bytes: fc.integer({ min: 1, max: 1000 }), files: fc.constant(1), modifiedMs: ageMs });
const many = (name: fc.Arbitrary<string>) =>
  fc.uniqueArray(stored(name), { maxLength: 8, selector: (one) => one.name });

const assetIds = fc.integer({ min: 0, max: 60 }).map((n) => `asset-${n}`);
const assets = fc.uniqueArray(
  fc.record<AssetFact>({
    id: assetIds,
    state: fc.constantFrom('ready', 'ready', 'ready', 'ready', 'damaged', 'missing', 'retired'),
    planState: fc.constantFrom('ready', 'played', 'on_air', 'failed', null),
    hasFile: fc.boolean(),
    inUse: fc.boolean(),
    recoverable: fc.boolean(),
    lastAiredMs: maybeAgeMs,
    createdAtMs: ageMs,
    unfitSinceMs: maybeAgeMs,
  }),
  { maxLength: 50, selector: ({ id }) => id },
);
const journalName = fc.integer({ min: 0, max: 2000 }).map((seq) => `as-run-${String(seq).padStart(12, '0')}.jsonl`);
const transitionIds = fc.integer({ min: 0, max: 9 }).map((n) => `t${n}`);

const facts: fc.Arbitrary<StorageFacts> = fc.record({
  nowMs: fc.constant(NOW_MS),
  freeBytes: fc.integer({ min: 0, max: 20_000 }),
  lowWaterBytes: fc.integer({ min: 0, max: 20_000 }),
  profileId: fc.constant('now'),
  assets,
  assetFolders: fc.uniqueArray(stored(assetIds), { maxLength: 60, selector: (one) => one.name }),
  transitions: fc.uniqueArray(
    fc.record({ id: transitionIds, state: fc.constantFrom('wanted' as const, 'ready' as const, 'failed' as const) }),
    { selector: ({ id }) => id },
  ),
  transitionFiles: many(
    fc.tuple(transitionIds, fc.constantFrom('.ts', '.index.json', '.txt')).map(([id, end]) => id + end),
  ),
  work: many(fc.constantFrom('a', 'b', 'running')),
  workInUse: fc.constant(new Set(['running'])),
  house: many(fc.constantFrom('now', 'before')),
  journal: many(journalName),
  journalCursor: fc.integer({ min: -1, max: 2000 }),
  logs: many(fc.constantFrom('host.log', 'host.1.log')),
  strays: many(fc.constant('studio.sqlite.restoring-1')),
});

test('nothing that is queued, on air, the only copy or needed for rotation is ever taken away', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const { actions } = planStorage(given);
      const byId = new Map(given.assets.map((asset) => [asset.id, asset]));
      const low = given.freeBytes < given.lowWaterBytes;
      const evicted = actions.filter(({ kind }) => kind === 'evict').map(({ subject }) => subject);
      for (const { kind, subject } of actions) {
        const asset = byId.get(subject.replace(/^assets\//, ''));
        if (kind === 'remove' && subject.startsWith('assets/') && asset !== undefined)
          assert.ok(!asset.inUse && (asset.state === 'retired' || asset.state === 'damaged'), subject);
        if (kind === 'evict')
          assert.ok(low && asset && !asset.inUse && asset.recoverable && asset.state === 'ready' && asset.hasFile);
        if (kind === 'mark_missing') assert.ok(asset && asset.state === 'ready' && !asset.hasFile);
        assert.ok(!['work/running', 'house/now'].includes(subject));
      }
      const present = given.assets.filter(({ state, hasFile }) => state === 'ready' && hasFile);
      if (evicted.length > 0) assert.ok(present.length - evicted.length >= ROTATION_NEEDS);
      // What goes aired before everything that could have gone and stays.
      const airedMs = (id: string): number => byId.get(id)?.lastAiredMs ?? Number.MAX_VALUE;
      const staying = present.filter(
        ({ id, inUse, recoverable, planState }) =>
          !inUse && recoverable && (planState === 'ready' || planState === 'played') && !evicted.includes(id),
      );
      for (const gone of evicted) for (const { id } of staying) assert.ok(airedMs(gone) <= airedMs(id));
    }),
    { numRuns: 500 },
  );
});

test('a journal file goes only when every line of it was imported, and never one of the newest two', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const files = given.journal.map(({ name }) => name).sort();
      const seq = (name: string): number => Number(/\d+/.exec(name)?.[0]);
      for (const { subject } of planStorage(given).actions.filter((one) => one.subject.startsWith('journal/'))) {
        const at = files.indexOf(subject.slice('journal/'.length));
        assert.ok(at >= 0 && at < files.length - 2);
        assert.ok(seq(files[at + 1] ?? '') - 1 <= given.journalCursor);
      }
    }),
    { numRuns: 500 },
  );
});

test('one file that is gone is marked; when most are gone it is the volume, and nothing is', () => {
  const ready = (n: number, hasFile: boolean): AssetFact => ({
    ...{ id: `a${n}`, state: 'ready', planState: 'ready', hasFile, inUse: false, recoverable: true },
    ...{ lastAiredMs: null, createdAtMs: 0, unfitSinceMs: null },
  });
  const nothing: StorageFacts = {
    ...{
      nowMs: NOW_MS,
      freeBytes: 10,
      lowWaterBytes: 0,
      profileId: 'p',
      assets: [],
      assetFolders: [],
      transitions: [],
    },
    ...{
      transitionFiles: [],
      work: [],
      workInUse: new Set(),
      house: [],
      journal: [],
      journalCursor: -1,
      logs: [],
      strays: [],
    },
  };
  const one = planStorage({ ...nothing, assets: [ready(1, false), ready(2, true)] });
  assert.deepEqual(
    one.actions.map(({ kind, subject }) => [kind, subject]),
    [['mark_missing', 'a1']],
  );
  const most = planStorage({ ...nothing, assets: [1, 2, 3, 4].map((n) => ready(n, false)) });
  assert.deepEqual(most.actions, []);
  assert.match(most.problem ?? '', /not mounted/);
});
