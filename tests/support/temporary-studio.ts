import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '../../core/contract/asset.ts';
import type { Topic } from '../../core/contract/daemon-messages.ts';
import { DEFAULT_PROFILE, profileId } from '../../core/contract/profile.ts';
import { type DataPaths, dataPaths } from '../../core/platform/data-paths.ts';
import { openStudioReader } from '../../core/store/open-studio-reader.ts';
import type { StudioReader } from '../../core/store/studio-reader.ts';
import { type StoreWriter, startStoreWriter } from '../../core/store/writer/store-writer.ts';

export interface TemporaryStudio extends AsyncDisposable {
  paths: DataPaths;
  writer: StoreWriter;
  reader: StudioReader;
  /** Topics of every commit so far. */
  changes: Topic[][];
  /** A planned, prepared and certified asset of `frames` video frames at 30 fps. */
  addReadyAsset(name: string, frames?: number, atMs?: number): Promise<Asset>;
}

/** A real studio in a temporary folder: channel `main` in the default profile, the writer thread, and one reader. */
export async function temporaryStudio(): Promise<TemporaryStudio> {
  const root = await mkdtemp(join(tmpdir(), 'vvtv-studio-'));
  const paths = dataPaths(root);
  const changes: Topic[][] = [];
  const writer = await startStoreWriter({ paths, reserveBytes: 4096, onChanged: (topics) => changes.push(topics) });
  await writer.run('channel.ensure', {
    channelId: 'main',
    name: 'Test',
    profile: DEFAULT_PROFILE,
    seed: 'seed',
    atMs: 1,
  });
  const reader = openStudioReader(paths.studioDb);
  return {
    paths,
    writer,
    reader,
    changes,
    async addReadyAsset(name, frames = 320, atMs = 1000) {
      const asset = exampleAsset(name, frames, atMs);
      await Promise.all([
        writer.run('plan.discover', {
          channelId: 'main',
          plans: [
            {
              id: `plan-${name}`,
              sourceKind: 'folder',
              locator: `/library/${name}.mp4`,
              title: name,
              fileBytes: 1,
              fileModifiedMs: 1,
            },
          ],
          atMs,
        }),
        writer.run('plan.select', { channelId: 'main', planIds: [`plan-${name}`], atMs }),
        writer.run('job.claim', { owner: 'test', kinds: ['prepare'], leaseMs: 1, atMs }),
        writer.run('job.finish', { jobId: `prepare:plan-${name}`, owner: 'test', atMs }),
        writer.run('plan.transition', { planId: `plan-${name}`, to: 'inspecting', reason: null, atMs }),
        writer.run('asset.certify', { asset, contentHash: `hash-${name}`, atMs }),
      ]);
      return asset;
    },
    async [Symbol.asyncDispose]() {
      reader[Symbol.dispose]();
      await writer.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Asset `<name>` of plan `plan-<name>`, in the default profile. */
export function exampleAsset(name: string, frames = 320, atMs = 1000): Asset {
  const silence = { integratedLufs: null, truePeakDbtp: null, rangeLu: null };
  return {
    id: name,
    channelId: 'main',
    planId: `plan-${name}`,
    title: name,
    profileId: profileId(DEFAULT_PROFILE),
    frames,
    durationMs: (frames * 1000) / DEFAULT_PROFILE.fps,
    bytes: 1000,
    headerHash: 'abc',
    state: 'ready',
    qa: {
      source: { container: 'mp4', durationSeconds: 1, video: 'h264', audio: 'aac', notes: [] },
      black: [],
      frozen: [],
      silent: [],
      interlaced: false,
      loudnessBefore: silence,
      loudnessAfter: silence,
      vmafMean: null,
      vmafMin: null,
      averageColour: '#102030',
      palette: [],
      warnings: [],
    },
    filmstrip: null,
    createdAtMs: atMs,
    lastAiredMs: null,
    airedCount: 0,
  };
}
