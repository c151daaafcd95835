import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import SqliteDatabase from 'better-sqlite3';
import { DEFAULT_PROFILE } from '../contract/profile.ts';
import { dataPaths } from '../platform/data-paths.ts';
import { createLogger } from '../platform/logger.ts';
import { backupName } from '../store/backup/backup-name.ts';
import { BackupDesk } from './backup-desk.ts';
import { Incidents } from './incidents.ts';
import { StoreSwitch } from './store-switch.ts';

const DAY_MS = 24 * 3600_000;

async function openDesk(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-desk-'));
  const paths = dataPaths(root);
  const stores = await StoreSwitch.open({ paths, reserveBytes: 4096, onChanged: () => undefined });
  t.after(async () => {
    stores.reader[Symbol.dispose]();
    await stores.writer.close();
    await rm(root, { recursive: true, force: true });
  });
  const name = 'As it was';
  const channel = { channelId: 'main', name, profile: DEFAULT_PROFILE, seed: 's', atMs: 1 };
  await stores.writer.run('channel.ensure', channel);
  const log = createLogger('test');
  log.level = 'silent';
  // Noon, so that the quiet hour plays no part.
  const world = { nowMs: new Date(2026, 5, 1, 12).getTime(), paused: 0, resumed: 0 };
  const clock = { wallMs: () => world.nowMs, monotonicMs: () => world.nowMs };
  const common = { channelId: 'main', clock, log };
  const incidents = new Incidents({ ...common, store: stores.writer, reader: stores.reader });
  const pause = async (): Promise<void> => {
    world.paused += 1;
  };
  const resume = (): void => {
    world.resumed += 1;
  };
  const desk = new BackupDesk({ ...common, stores, incidents, pause, resume });
  const rename = (to: string) => stores.writer.run('channel.ensure', { ...channel, name: to });
  return { desk, stores, paths, world, rename };
}

const codes = (stores: StoreSwitch): string[] => stores.reader.openIncidents('main').map(({ code }) => code);

test('one backup a night, remembered in the database, seven kept', async (t) => {
  const { desk, paths, world } = await openDesk(t);
  await desk.nightly();
  await desk.nightly();
  assert.equal((await desk.list()).length, 1);
  const [first] = await desk.list();
  assert.ok(first);
  for (let night = 1; night < 9; night += 1) {
    const name = backupName({ source: 'studio', kind: 'auto', atMs: first.atMs - night * DAY_MS });
    await copyFile(join(paths.backups, first.name), join(paths.backups, name));
  }
  world.nowMs += DAY_MS;
  await desk.nightly();
  const kept = await desk.list();
  assert.equal(kept.length, 7);
  assert.ok(kept.every(({ kind }) => kind === 'auto'));
  assert.equal(kept[0]?.atMs, world.nowMs);
  assert.ok((await desk.verify('latest')).good);
});

test('a night in which no backup can be made is told, and over with the next good one', async (t) => {
  const { desk, stores, paths, world } = await openDesk(t);
  await writeFile(paths.backups, 'a file where the folder should be');
  await desk.nightly();
  await stores.writer.run('setting.set', { key: 'x', value: 1 });
  assert.deepEqual(codes(stores), ['backup_failed']);
  await rm(paths.backups);
  world.nowMs += DAY_MS;
  await desk.nightly();
  await stores.writer.run('setting.set', { key: 'x', value: 2 });
  assert.deepEqual(codes(stores), []);
});

test('a restore swaps the file under the same store; commands in between are refused; the pre-restore copy leads back', async (t) => {
  const { desk, stores, paths, world, rename } = await openDesk(t);
  const { name } = await desk.create('manual');
  await rename('Changed');
  const name0 = () => stores.reader.channel('main')?.name;
  assert.equal((await desk.restore(name, true)).dryRun, true);
  assert.deepEqual([name0(), world.paused], ['Changed', 0]);

  const report = await desk.restore(name, false);
  assert.deepEqual([name0(), world.paused, world.resumed], ['As it was', 1, 1]);
  await rename('Written after the restore');
  assert.equal(name0(), 'Written after the restore');
  await desk.restore(report.preRestore ?? '', false);
  assert.equal(name0(), 'Changed');
  const left = (await readdir(paths.root)).filter((file) => /restoring|broken/.test(file));
  assert.deepEqual(left, []);
});

test('a backup that passes every check and yet does not open: the old database is there again', async (t) => {
  const { desk, stores, paths, rename } = await openDesk(t);
  // An older schema version than it has: the migration fails on tables that exist already.
  const { name } = await desk.create('manual');
  const { unpackBackup } = await import('../store/backup/unpack-backup.ts');
  const { createBackup } = await import('../store/backup/create-backup.ts');
  const forged = join(paths.root, 'forged.sqlite');
  await unpackBackup(join(paths.backups, name), forged);
  const db = new SqliteDatabase(forged);
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version < 2) db.exec('DROP TABLE queue');
  else db.pragma('user_version = 1');
  db.close();
  const args = { folder: paths.backups, source: 'studio', kind: 'manual', nowMs: 1e12 } as const;
  const bad = await createBackup({ ...args, database: forged });
  await rename('Changed');
  await assert.rejects(desk.restore(bad, false));
  assert.equal(stores.reader.channel('main')?.name, 'Changed');
  await rename('It can be written');
  assert.equal(stores.reader.channel('main')?.name, 'It can be written');
  const left = (await readdir(paths.root)).filter((file) => /restoring|broken/.test(file));
  assert.deepEqual(left, []);
});
