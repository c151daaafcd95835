import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backupName, parseBackupName } from './backup-name.ts';
import { BACKUP_DAYS_KEPT, BACKUPS_KEPT, backupsToDelete, type RotationCandidate } from './rotate-backups.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const DAY_MS = 24 * 3600_000;

const nameParts = fc.record({
  source: fc.constantFrom('studio' as const, 'metrics' as const),
  kind: fc.constantFrom('manual' as const, 'auto' as const, 'pre_restore' as const),
  atMs: fc.integer({ min: -80 * 86_400, max: 5 * 86_400 }).map((seconds) => NOW_MS + seconds * 1000),
});
const backups = fc
  .uniqueArray(nameParts, { maxLength: 60, selector: backupName })
  .map((all): RotationCandidate[] => all.map((parts) => ({ name: backupName(parts), ...parts })));
/** Some backups, one of which was proved good. */
const rotation = backups.chain((all) =>
  fc.record({ all: fc.constant(all), good: fc.constantFrom(null, ...all.map(({ name }) => name)) }),
);

test('a name tells what the backup is', () => {
  fc.assert(fc.property(nameParts, (parts) => assert.deepEqual(parseBackupName(backupName(parts)), { ...parts })));
  assert.equal(
    backupName({ source: 'studio', kind: 'pre_restore', atMs: Date.UTC(2026, 0, 2, 3, 4, 5) }),
    'studio_backup_20260102_030405_pre_restore.db.gz',
  );
  for (const foreign of [
    'studio.sqlite',
    'studio_backup_20260231_000000.db.gz',
    'studio_backup_20260102_030405.db',
    '',
  ])
    assert.equal(parseBackupName(foreign), null, foreign);
});

test('the newest good backup never goes, nothing goes while none is good, and the rest is 7 of a kind and 30 days', () => {
  fc.assert(
    fc.property(rotation, ({ all, good }) => {
      const gone = new Set(backupsToDelete(all, good, NOW_MS).map(({ name }) => name));
      if (good === null) return assert.equal(gone.size, 0);
      assert.ok(!gone.has(good));
      const kept = all.filter(({ name }) => !gone.has(name));
      for (const one of kept.filter(({ name }) => name !== good)) {
        assert.ok(NOW_MS - one.atMs <= BACKUP_DAYS_KEPT * DAY_MS);
        const newer = kept.filter((k) => k.kind === one.kind && k.source === one.source && k.atMs > one.atMs);
        assert.ok(newer.length < BACKUPS_KEPT);
      }
      // What is deleted has to be: too old, or behind seven newer ones.
      for (const one of all.filter(({ name }) => gone.has(name))) {
        const newer = all.filter((k) => k.kind === one.kind && k.source === one.source && k.atMs >= one.atMs);
        assert.ok(NOW_MS - one.atMs > BACKUP_DAYS_KEPT * DAY_MS || newer.length > BACKUPS_KEPT);
      }
    }),
  );
});

test('rotating twice deletes nothing more', () => {
  fc.assert(
    fc.property(rotation, ({ all, good }) => {
      const gone = new Set(backupsToDelete(all, good, NOW_MS).map(({ name }) => name));
      const kept = all.filter(({ name }) => !gone.has(name));
      assert.deepEqual(backupsToDelete(kept, good, NOW_MS), []);
    }),
  );
});
