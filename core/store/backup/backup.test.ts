import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import { findBackup, listBackups, newestGoodBackup, rotateBackups } from './backup-folder.ts';
import { runBackupTask } from './backup-tasks.ts';
import { verifyBackup } from './verify-backup.ts';

const NOW_MS = Date.UTC(2026, 4, 6, 7, 8, 9);

test('a backup that is made while commands are written is whole, and the writer does not wait for it', async () => {
  await using studio = await temporaryStudio();
  const { paths, writer } = studio;
  for (let n = 0; n < 40; n += 1)
    await Promise.all(
      Array.from({ length: 50 }, (_, m) => writer.run('setting.set', { key: `k${n}.${m}`, value: 'x'.repeat(2000) })),
    );
  let done = false;
  const args = {
    database: paths.studioDb,
    folder: paths.backups,
    source: 'studio',
    kind: 'manual',
    nowMs: NOW_MS,
  } as const;
  const making = runBackupTask('create', args).finally(() => {
    done = true;
  });
  let written = 0;
  let longestMs = 0;
  for (; !done; written += 1) {
    const startMs = performance.now();
    await writer.run('setting.set', { key: `during${written}`, value: written });
    longestMs = Math.max(longestMs, performance.now() - startMs);
  }
  const name = await making;
  assert.equal(name, 'studio_backup_20260506_070809.db.gz');
  assert.ok(written > 5, `${written} commands`);
  assert.ok(longestMs < 2000, `a command took ${longestMs} ms`);
  const report = await runBackupTask('verify', { path: join(paths.backups, name), workFolder: paths.work });
  assert.equal(report.problem, null);
  assert.equal(report.rows['channels'], 1);
  const settings = report.rows['settings'] ?? 0;
  assert.ok(settings >= 2000 && settings <= 2000 + written, `${settings} of ${2000 + written}`);
  assert.deepEqual(readdirSync(paths.work), []);
  assert.deepEqual(readdirSync(paths.backups), [name]);
  await writer.maintain();
});

test('a torn, a flipped and a foreign backup are found out; the newest good one is offered and survives rotation', async () => {
  await using studio = await temporaryStudio();
  const { paths } = studio;
  const DAY_MS = 24 * 3600_000;
  const make = (nowMs: number) =>
    runBackupTask('create', { database: paths.studioDb, folder: paths.backups, source: 'studio', kind: 'auto', nowMs });
  const good = await make(NOW_MS - 60 * DAY_MS);
  const bytes = readFileSync(join(paths.backups, good));
  const spoil = async (daysAgo: number, change: (copy: Buffer) => Buffer): Promise<string> => {
    const name = await make(NOW_MS - daysAgo * DAY_MS);
    writeFileSync(join(paths.backups, name), change(Buffer.from(bytes)));
    return name;
  };
  const bad = [
    await spoil(3, (copy) => copy.subarray(0, copy.length / 2)),
    await spoil(2, (copy) => {
      copy.writeUInt8(copy.readUInt8(copy.length >> 1) ^ 0xff, copy.length >> 1);
      return copy;
    }),
    await spoil(1, () => Buffer.from('not packed at all')),
  ];
  for (const name of bad) {
    const report = await verifyBackup(join(paths.backups, name), paths.work);
    assert.equal(report.good, false, name);
    assert.ok(report.problem);
  }
  assert.equal((await newestGoodBackup(paths.backups, paths.work))?.name, good);
  assert.deepEqual(await rotateBackups(paths.backups, paths.work, NOW_MS), []);
  assert.equal(await findBackup(paths.backups, 'latest'), join(paths.backups, bad.at(-1) ?? ''));
  for (const named of ['../studio.sqlite', 'nothing'])
    await assert.rejects(findBackup(paths.backups, named), { code: 'NOT_FOUND' });
  const stage = { backup: join(paths.backups, bad[0] ?? ''), root: paths.root, channelId: 'main' };
  await assert.rejects(runBackupTask('stage', stage), { code: 'DATABASE_BROKEN' });
  assert.ok(!readdirSync(paths.root).some((name) => name.includes('restoring')));

  const newer = await make(NOW_MS);
  assert.deepEqual(await rotateBackups(paths.backups, paths.work, NOW_MS), [good]);
  assert.equal((await listBackups(paths.backups))[0]?.name, newer);
});
