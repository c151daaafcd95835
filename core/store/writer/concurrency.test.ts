import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import { dataPaths } from '../../platform/data-paths.ts';
import { openForReading } from '../open-database.ts';
import { openStudioReader } from '../open-studio-reader.ts';
import { startStoreWriter } from './store-writer.ts';

const readerThread = new URL('../../../tests/support/store-reader-thread.ts', import.meta.url);
const storeStream = new URL('../../../tests/support/store-stream.ts', import.meta.url);

test('two readers and the writer, each in its own thread, never meet SQLITE_BUSY', { timeout: 60_000 }, async () => {
  await using studio = await temporaryStudio();
  await studio.addReadyAsset('a');
  const readers = [0, 1].map(() => new Worker(readerThread, { workerData: studio.paths.studioDb }));
  const reports = readers.map((worker) => once(worker, 'message'));
  for (let round = 0; round < 100; round += 1)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const id = `q${round}-${index}`;
        const args = { id, channelId: 'main', assetId: 'a', where: 'end' as const, origin: 'planner' as const };
        return studio.writer.run('queue.add', { ...args, atMs: 1 });
      }),
    );
  for (const worker of readers) worker.postMessage('stop');
  for (const [report] of await Promise.all(reports)) {
    assert.equal(report.error, null);
    assert.ok(report.reads > 0);
  }
  assert.equal(studio.reader.queueLength('main'), 10_000);
});

test('after kill -9 the database is whole and has every acknowledged command', { timeout: 60_000 }, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'vvtv-kill-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const child = spawn(process.execPath, [fileURLToPath(storeStream), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let killed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (killed || output.length < 20_000) return;
    killed = true;
    child.kill('SIGKILL');
  });
  await once(child, 'close');
  const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n').map(Number);
  assert.ok(acknowledged.length > 1000);

  const paths = dataPaths(root);
  const writer = await startStoreWriter({ paths, onChanged: () => {}, reserveBytes: 4096 });
  t.after(() => writer.close());
  using reader = openStudioReader(paths.studioDb);
  for (const n of acknowledged) assert.equal(reader.setting(`n${n}`), n);
  const db = openForReading(paths.studioDb);
  t.after(() => db.close());
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
  assert.deepEqual(db.pragma('foreign_key_check'), []);
});
