import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseNext } from './rotation.ts';

const library = (size: number) => Array.from({ length: size }, (_, index) => ({ id: `a${index}`, durationMs: 1000 }));

test('an empty library gives nothing, a single asset repeats, two alternate', () => {
  const draw = (size: number) => chooseNext({ library: library(size), recent: [], seed: 's', counter: 0, count: 4 });
  assert.deepEqual(draw(0), []);
  assert.deepEqual(draw(1), ['a0', 'a0', 'a0', 'a0']);
  const two = draw(2);
  assert.deepEqual(two, [two[0], two[1], two[0], two[1]]);
  assert.notEqual(two[0], two[1]);
});

test('no asset airs again before half the library aired in between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.string(), fc.nat(1000), (size, seed, counter) => {
      const chosen = chooseNext({ library: library(size), recent: [], seed, counter, count: size * 4 });
      const rest = Math.floor(size / 2);
      for (const [index, id] of chosen.entries())
        assert.ok(!chosen.slice(Math.max(0, index - rest), index).includes(id), `${id} again at ${index}`);
    }),
  );
});

test('history counts: what just aired rests, ids that left the library do not matter', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 30 }),
      fc.array(fc.nat(50), { maxLength: 120 }),
      fc.string(),
      (size, past, seed) => {
        const recent = past.map((index) => `a${index}`);
        const [next] = chooseNext({ library: library(size), recent, seed, counter: 0, count: 1 });
        const known = recent.filter((id) => Number(id.slice(1)) < size);
        const lastDistinct = [...new Set(known.toReversed())].slice(0, Math.floor(size / 2));
        assert.ok(next !== undefined && !lastDistinct.includes(next));
      },
    ),
  );
});

test('drawing can stop and go on anywhere, and depends on nothing but its input', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(50), fc.nat(50), fc.string(), (size, first, more, seed) => {
      const whole = chooseNext({ library: library(size), recent: [], seed, counter: 7, count: first + more });
      const head = chooseNext({ library: library(size), recent: [], seed, counter: 7, count: first });
      const tail = chooseNext({ library: library(size), recent: head, seed, counter: 7 + first, count: more });
      assert.deepEqual([...head, ...tail], whole);
    }),
  );
});

test('nothing starves: within six rotations every asset aired', () => {
  for (const size of [3, 10, 41, 200]) {
    const chosen = chooseNext({ library: library(size), recent: [], seed: 'fair', counter: 0, count: size * 6 });
    assert.equal(new Set(chosen).size, size);
  }
});

test('other seeds give other orders', () => {
  const draw = (seed: string) => chooseNext({ library: library(20), recent: [], seed, counter: 0, count: 20 }).join();
  assert.notEqual(draw('one'), draw('two'));
});
