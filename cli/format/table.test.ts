import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fit, formatTable, textWidth } from './table.ts';

const COLUMNS = [
  { title: '#', right: true },
  { title: 'TITLE', flexible: true },
  { title: 'LENGTH', right: true },
];

test('columns line up', () => {
  assert.equal(
    formatTable(COLUMNS, [
      ['1', 'Night Tram', '6:20'],
      ['12', 'Dancers', '10:02'],
    ]),
    ' #  TITLE       LENGTH\n 1  Night Tram    6:20\n12  Dancers      10:02',
  );
});

test('whatever the titles, no line is wider than the terminal and no row takes two lines', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 5 }), (titles) => {
      const lines = formatTable(
        COLUMNS,
        titles.map((title) => ['1', title, '6:20']),
      ).split('\n');
      assert.equal(lines.length, titles.length + 1);
      for (const line of lines) assert.ok(textWidth(line) <= 100);
    }),
  );
});

test('a line feed in a file name does not break the table, an escape sequence does not reach the terminal', () => {
  assert.equal(fit('a\nb\u001b[31mc', 100), 'a b [31mc');
  assert.equal(fit('abcdef', 4), 'abc…');
});
