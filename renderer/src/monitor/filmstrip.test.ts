import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filmstripTile } from './filmstrip.ts';

const strip = { columns: 5, rows: 3, tiles: 12, tileWidth: 160, tileHeight: 90, everySeconds: 2 };

test('the tile of a time, from the first to the last', () => {
  assert.equal(filmstripTile('/f.jpg', strip, 0), 'url("/f.jpg") 0% 0% / 500% 300% no-repeat');
  assert.equal(filmstripTile('/f.jpg', strip, 13.9), 'url("/f.jpg") 25% 50% / 500% 300% no-repeat');
  assert.equal(filmstripTile('/f.jpg', strip, 999), 'url("/f.jpg") 25% 100% / 500% 300% no-repeat');
  assert.equal(
    filmstripTile('/f.jpg', { ...strip, columns: 1, rows: 1, tiles: 1 }, -1),
    'url("/f.jpg") 0% 0% / 100% 100% no-repeat',
  );
});
