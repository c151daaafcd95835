import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { testTools } from '../../../tests/house-clip.ts';
import { TINY_PROFILE } from '../../../tests/tiny-profile.ts';
import type { HouseManifest } from '../../contract/house-piece.ts';
import { profileId } from '../../contract/profile.ts';
import { readAssetIndex } from '../../media/mpegts/asset-index-file.ts';
import { type DataPaths, dataPaths } from '../../platform/data-paths.ts';
import { createLogger } from '../../platform/logger.ts';
import { ensureHouse } from './ensure-house.ts';
import { readHouseManifest } from './house-folder.ts';
import { verifyHouse } from './verify-house.ts';

process.env['VVTV_LOG_LEVEL'] ??= 'fatal';
const logger = createLogger('test');

let root: string;
let paths: DataPaths;
let folder: string;
let nowMs = 1_000;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'vvtv-house-'));
});
after(() => rm(root, { recursive: true, force: true }));
afterEach(() => {
  nowMs += 1_000;
});

interface Run {
  readonly name?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: string) => void;
}

async function ensure(run: Run = {}): Promise<HouseManifest> {
  return ensureHouse({
    channel: { id: 'main', name: run.name ?? 'Test & Co', profile: TINY_PROFILE },
    paths,
    tools: await testTools(),
    clock: { wallMs: () => nowMs, monotonicMs: () => nowMs },
    logger,
    signal: run.signal ?? new AbortController().signal,
    onProgress: ({ step }) => run.onProgress?.(step),
  });
}

function enter(name: string): void {
  paths = dataPaths(join(root, name));
  folder = paths.house(profileId(TINY_PROFILE));
}

const changedAt = async (file: string): Promise<number> => (await stat(join(folder, file))).mtimeMs;

test('renders, certifies and publishes every piece; the slate can air before the rest exists', async () => {
  enter('fresh');
  const early: Promise<HouseManifest | null>[] = [];
  const manifest = await ensure({
    onProgress: (step) => {
      if (step === 'emergency' && early.length === 0) early.push(readHouseManifest(folder, logger));
    },
  });
  const first = await early[0];
  assert.deepEqual([first?.slate, first?.emergency, first?.error], [manifest.slate, [], []]);
  assert.deepEqual(await readHouseManifest(folder, logger), manifest);
  assert.equal(manifest.emergency.length, 1);
  assert.equal(manifest.error.length, 1);
  const silence = Buffer.from(manifest.silentFrameBase64, 'base64');
  assert.ok(silence.length < 32 && silence[0] === 0xff);

  const slate = await readAssetIndex(join(folder, manifest.slate.replace('.ts', '.index.json')));
  assert.equal(slate.gops.length, 2);
  assert.equal(slate.headerHash, manifest.headerHash);
  const loop = await readAssetIndex(join(folder, (manifest.emergency[0] ?? '').replace('.ts', '.index.json')));
  assert.ok(loop.frames >= 20 * TINY_PROFILE.fps);
  assert.deepEqual(await readdir(paths.work), []);

  const written = await changedAt(manifest.slate);
  nowMs += 500;
  const again = await ensure();
  assert.deepEqual({ ...again, verifiedAtMs: 0 }, { ...manifest, verifiedAtMs: 0 });
  assert.equal(again.verifiedAtMs, nowMs);
  assert.equal(await changedAt(manifest.slate), written);

  await damages(manifest);
});

/** A flipped bit is found by `verifyHouse` and mended by `ensureHouse`, which renders nothing else. */
async function damages(manifest: HouseManifest): Promise<void> {
  const options = { paths, tools: await testTools(), clock: { wallMs: () => nowMs, monotonicMs: () => nowMs }, logger };
  const verify = () => verifyHouse(manifest, { ...options, signal: new AbortController().signal });
  assert.deepEqual(await verify(), []);
  const [error = ''] = manifest.error;
  const file = await open(join(folder, error), 'r+');
  await file.write(Buffer.from([0xa5]), 0, 1, 100_000);
  await file.close();
  assert.deepEqual(
    (await verify()).map((fault) => fault.file),
    [error],
  );
  const slateWritten = await changedAt(manifest.slate);
  await ensure();
  assert.deepEqual(await verify(), []);
  assert.equal(await changedAt(manifest.slate), slateWritten);
}

test('an interrupted run leaves the slate on offer, and the next one goes on from there', async () => {
  enter('interrupted');
  const abort = new AbortController();
  const run = ensure({
    signal: abort.signal,
    onProgress: (step) => {
      if (step !== 'slate') abort.abort();
    },
  });
  await assert.rejects(run, { code: 'ABORTED' });
  const offered = await readHouseManifest(folder, logger);
  assert.deepEqual(offered?.emergency, []);
  const written = await changedAt(offered?.slate ?? '');
  const manifest = await ensure();
  assert.equal(manifest.slate, offered?.slate);
  assert.equal(await changedAt(manifest.slate), written);
  assert.equal(manifest.emergency.length, 1);

  // Another name: until its loop is ready the old one stays on offer, and its files outlive the change.
  const offeredMeanwhile: Promise<HouseManifest | null>[] = [];
  const renamed = await ensure({
    name: 'Another name',
    onProgress: (step) => {
      if (step === 'emergency') offeredMeanwhile.push(readHouseManifest(folder, logger));
    },
  });
  assert.deepEqual((await offeredMeanwhile[0])?.emergency, manifest.emergency);
  assert.notDeepEqual(renamed.emergency, manifest.emergency);
  assert.ok((await readdir(folder)).includes(manifest.slate));
  await ensure({ name: 'Another name' });
  assert.ok(!(await readdir(folder)).includes(manifest.slate));
});
