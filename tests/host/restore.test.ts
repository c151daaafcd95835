import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { z } from 'zod';
import { withStudio } from '../../cli/studio-connection.ts';
import { backupSchema, restoreReportSchema } from '../../core/contract/backup.ts';
import { journalEntrySchema } from '../../core/contract/journal.ts';
import { storageReportSchema } from '../../core/contract/storage.ts';
import { dataPaths } from '../../core/platform/data-paths.ts';
import { openStudioReader } from '../../core/store/open-studio-reader.ts';
import { makeStudio, type StudioFixture } from '../studio-fixture.ts';
import { RtmpSubscriber } from './rtmp-subscriber.ts';
import { cleanUp, RunningHost, until, vvtvctl } from './running-host.ts';

/** A restore under a running channel, and one of a broken database while no host runs: the viewer notices neither. */
let studio: StudioFixture;
let host: RunningHost | null = null;
let viewer: RtmpSubscriber | null = null;

before(async () => {
  studio = await makeStudio({ clips: [{ frames: 96 }, { frames: 96, picture: 'smptebars' }] });
  await studio.store.run('channel.setOnAirWanted', { channelId: 'main', wanted: true });
  await studio.enqueue(0, 1, 0, 1, 0);
  await studio.store.close();
  host = await RunningHost.start(studio.paths.root);
  await host.untilAir('on_air');
  viewer = await RtmpSubscriber.open(host.started.rtmpUrl ?? '');
  await viewer.more(30);
});

after(async () => {
  await viewer?.[Symbol.asyncDispose]();
  await host?.stop();
  await cleanUp(studio.paths.root);
  await studio[Symbol.asyncDispose]();
});

/** Ids of everything that started on air, as the engine wrote it down. */
function airedByJournal(): Set<string> {
  const { journal } = dataPaths(studio.paths.root);
  const lines = readdirSync(journal).flatMap((name) => readFileSync(join(journal, name), 'utf8').trim().split('\n'));
  const entries = lines.map((line) => journalEntrySchema.parse(JSON.parse(line)));
  return new Set(entries.flatMap((entry) => (entry.type === 'start' ? [entry.asRunId] : [])));
}

function airedByStore(): Set<string> {
  using reader = openStudioReader(studio.paths.studioDb);
  return new Set(reader.asRun('main', 10_000).map(({ id }) => id));
}

async function untilCaughtUp(): Promise<void> {
  const missing = (): string[] => [...airedByJournal()].filter((id) => !airedByStore().has(id));
  await until(() => missing().length === 0, 12_000, 'rows of the as-run log are missing');
}

async function json<S extends z.ZodType>(schema: S, ...args: string[]): Promise<z.output<S>> {
  const { code, stdout, stderr } = await vvtvctl(studio.paths.root, '--json', 'backup', ...args);
  assert.equal(code, 0, stderr);
  return schema.parse(JSON.parse(stdout));
}

test('a restore on air: the stream goes on, what aired since is there again, and the engine reads the new file', async () => {
  const root = studio.paths.root;
  const { name } = await json(backupSchema, 'create');
  const atBackup = airedByStore();
  await withStudio(root, async (client) => {
    await client.channel.rename({ name: 'Renamed after the backup' });
    const started = airedByJournal().size;
    await until(() => airedByJournal().size >= started + 2, 15_000, 'nothing more has aired');
  });
  await untilCaughtUp();
  assert.ok(airedByStore().size > atBackup.size);

  const refused = await vvtvctl(root, '--json', 'backup', 'restore', name);
  assert.equal(refused.code, 6, refused.stderr);
  const foreseen = await json(restoreReportSchema, 'restore', name, '--dry-run');
  assert.ok(foreseen.dryRun && foreseen.journalEntries > 0 && foreseen.restored.good);

  const framesBefore = viewer?.frames.length ?? 0;
  const report = await json(restoreReportSchema, 'restore', name, '--force');
  assert.ok(report.preRestore !== null && existsSync(join(studio.paths.backups, report.preRestore)));
  assert.equal(report.brokenKeptAs, null);
  assert.deepEqual(
    readdirSync(root).filter((file) => /restoring|broken/.test(file)),
    [],
  );
  await untilCaughtUp();
  const ran = host;
  assert.ok(ran);
  await ran.untilAir('on_air');
  await withStudio(root, async (client) => {
    assert.equal((await client.channel.get()).name, 'Test channel');
    // Only an engine that reads the new file can play what is put into it.
    const { id } = await client.queue.add({ assetId: 'asset-1', where: 'end' });
    await client.program.take({ queueItemId: id });
    await until(
      async () => (await client.channel.status())?.program?.queueItemId === id,
      8000,
      'the engine does not see the restored database',
    );
    assert.equal((await client.channel.status())?.counters.videoGaps, 0);
    const processes = await client.health.processes();
    await until(
      async () => (await client.health.processes()).every(({ state }) => state === 'running'),
      10_000,
      `not everything runs again: ${JSON.stringify(processes)}`,
    );
  });
  const storage = storageReportSchema.parse(JSON.parse((await vvtvctl(root, '--json', 'storage', 'report')).stdout));
  assert.deepEqual(storage.actions, []);
  assert.ok((storage.usage.find(({ part }) => part === 'backups')?.files ?? 0) >= 2);
  assert.equal((await vvtvctl(root, '--json', 'storage', 'clean')).code, 6);
  assert.match((await vvtvctl(root, 'storage', 'clean', '--dry-run')).stdout, /Nothing to settle/);
  const seen = viewer;
  assert.ok(seen);
  await seen.more(30);
  assert.equal(seen.ended, false);
  assert.equal(seen.gapMs(), 0);
  assert.ok(seen.longestSilenceMs(framesBefore) < 3000, `${seen.longestSilenceMs(framesBefore)} ms of silence`);
});

test('a broken database: the start is refused with an offer, the air goes on, and a restore without a host mends it', async () => {
  const root = studio.paths.root;
  const { name } = await json(backupSchema, 'create');
  await host?.kill();
  const pidBefore = await host?.pidOf('broadcaster');
  for (const suffix of ['-wal', '-shm']) rmSync(studio.paths.studioDb + suffix, { force: true });
  writeFileSync(studio.paths.studioDb, Buffer.alloc(40_000, 'no database any more '));
  const refused = await vvtvctl(root, '--json', 'run');
  assert.equal(refused.code, 14, refused.stderr);
  assert.match(refused.stderr, new RegExp(`vvtvctl backup restore ${name}`));

  const report = await json(restoreReportSchema, 'restore', name, '--force');
  assert.ok(report.brokenKeptAs !== null && existsSync(report.brokenKeptAs));
  assert.ok(readFileSync(report.brokenKeptAs).includes('no database any more'));
  host = await RunningHost.start(root);
  await host.untilAir('on_air');
  await untilCaughtUp();
  assert.equal(await host.pidOf('broadcaster'), pidBefore);
  const seen = viewer;
  assert.ok(seen);
  await seen.more(30);
  assert.equal(seen.ended, false);
  assert.equal(seen.gapMs(), 0);
});
