import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pick } from './pick.ts';

const THINGS = [
  { id: '01AAAA', label: 'Night Tram' },
  { id: '01AABB', label: 'Night Train' },
  { id: '02CCCC', label: 'Dancers' },
];

test('by id, place, start of the id, or title', () => {
  const id = (named: string) => pick(THINGS, named, 'item').id;
  assert.equal(id('02CCCC'), '02CCCC');
  assert.equal(id('2'), '01AABB');
  assert.equal(id('02cc'), '02CCCC');
  assert.equal(id('night tram'), '01AAAA');
  assert.equal(id('dance'), '02CCCC');
  assert.throws(() => id('night'), { code: 'BAD_ARGUMENT' });
  assert.throws(() => id('9'), { code: 'NOT_FOUND' });
});
