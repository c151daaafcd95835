import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { type DataPaths, dataPaths } from '../../platform/data-paths.ts';
import { unpackBackup } from '../backup/unpack-backup.ts';
import { openForReading, openForWriting } from '../open-database.ts';
import { openStudioReader } from '../open-studio-reader.ts';
import { startStoreWriter } from '../writer/store-writer.ts';
import { migrate, schemaVersion } from './migrate.ts';

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

function temporaryPaths(t: TestContext): DataPaths {
  const root = mkdtempSync(join(tmpdir(), 'vvtv-migrate-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return dataPaths(root);
}

const start = (paths: DataPaths) => startStoreWriter({ paths, reserveBytes: 4096, onChanged: () => {} });

test('a new database gets all steps and no backup, an older one is backed up first', async (t) => {
  const paths = temporaryPaths(t);
  const db = openForWriting(paths.studioDb, 'all pages');
  t.after(() => db.close());
  const steps = ['CREATE TABLE one (n INTEGER) STRICT', 'ALTER TABLE one ADD COLUMN m INTEGER'];
  assert.equal(await migrate(db, steps.slice(0, 1), paths.backups, NOW_MS), null);
  db.exec('INSERT INTO one (n) VALUES (7)');
  const backup = await migrate(db, steps, paths.backups, NOW_MS);
  assert.equal(backup, join(paths.backups, 'studio_backup_20260102_030405_auto.db.gz'));
  assert.equal(schemaVersion(db), 2);
  assert.deepEqual(db.prepare('SELECT n, m FROM one').all(), [{ n: 7, m: null }]);
  assert.equal(await migrate(db, steps, paths.backups, NOW_MS + 1), null);
  assert.deepEqual(readdirSync(paths.backups), ['studio_backup_20260102_030405_auto.db.gz']);
  await unpackBackup(join(paths.backups, 'studio_backup_20260102_030405_auto.db.gz'), join(paths.root, 'old.sqlite'));
  const old = openForReading(join(paths.root, 'old.sqlite'));
  t.after(() => old.close());
  assert.deepEqual(old.prepare('SELECT * FROM one').all(), [{ n: 7 }]);
});

test('steps that fail leave the database as it was', async (t) => {
  const paths = temporaryPaths(t);
  const db = openForWriting(paths.studioDb, 'all pages');
  t.after(() => db.close());
  await assert.rejects(migrate(db, ['CREATE TABLE one (n INTEGER)', 'NONSENSE'], paths.backups, NOW_MS));
  assert.equal(schemaVersion(db), 0);
  assert.deepEqual(db.prepare('SELECT name FROM sqlite_schema').all(), []);
});

test('a newer database is refused and not touched', async (t) => {
  const paths = temporaryPaths(t);
  await (await start(paths)).close();
  const db = new SqliteDatabase(paths.studioDb);
  db.pragma('user_version = 1000');
  db.close();
  const before = readFileSync(paths.studioDb);
  await assert.rejects(start(paths), { code: 'DATABASE_NEWER' });
  assert.throws(() => openStudioReader(paths.studioDb), { code: 'DATABASE_NEWER' });
  assert.ok(readFileSync(paths.studioDb).equals(before));
  assert.ok(!existsSync(paths.backups));
});

test('a broken database is refused and kept', async (t) => {
  const paths = temporaryPaths(t);
  const garbage = Buffer.alloc(20_000, 'this is not a database ');
  writeFileSync(paths.studioDb, garbage);
  await assert.rejects(start(paths), { code: 'DATABASE_BROKEN' });
  assert.throws(() => openStudioReader(paths.studioDb), { code: 'DATABASE_BROKEN' });
  assert.ok(readFileSync(paths.studioDb).equals(garbage));
});

test('a database with damaged pages is refused and kept', async (t) => {
  const paths = temporaryPaths(t);
  const writer = await start(paths);
  for (let n = 0; n < 300; n += 1) await writer.run('setting.set', { key: `key-${n}`, value: 'x'.repeat(200) });
  await writer.close();
  const bytes = readFileSync(paths.studioDb);
  bytes.fill(0xa5, Math.floor(bytes.length / 2));
  writeFileSync(paths.studioDb, bytes);
  await assert.rejects(start(paths), { code: 'DATABASE_BROKEN' });
  assert.ok(readFileSync(paths.studioDb).equals(bytes));
});

test('broken figures are set aside and do not stop the studio', async (t) => {
  const paths = temporaryPaths(t);
  writeFileSync(paths.metricsDb, Buffer.alloc(9000, 'no figures '));
  const writer = await start(paths);
  await writer.run('metric.add', { samples: [{ series: 's', atMs: 1, value: 2 }] });
  await writer.close();
  assert.ok(readdirSync(paths.root).some((name) => name.startsWith('metrics.sqlite.broken-')));
});

test('a reader of a missing database says so', (t) => {
  const paths = temporaryPaths(t);
  assert.throws(() => openStudioReader(paths.studioDb), { code: 'DATABASE_BROKEN' });
  assert.ok(!existsSync(paths.studioDb));
});
