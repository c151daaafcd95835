import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Asset, QaReport } from '../core/contract/asset.ts';
import type { AssetIndex } from '../core/contract/asset-index.ts';
import type { HouseManifest } from '../core/contract/house-piece.ts';
import { framesToMs, type HouseProfile, profileId, transitionFrames } from '../core/contract/profile.ts';
import { houseCodecArgs, houseMuxArgs } from '../core/media/house-format.ts';
import { indexPathOf, writeAssetIndex } from '../core/media/mpegts/asset-index-file.ts';
import { TsDemuxer } from '../core/media/mpegts/demuxer.ts';
import { elementaryBytes } from '../core/media/mpegts/elementary.ts';
import { indexAsset } from '../core/media/mpegts/index-asset.ts';
import { type DataPaths, dataPaths } from '../core/platform/data-paths.ts';
import { type StoreWriter, startStoreWriter } from '../core/store/writer/store-writer.ts';
import { type HouseClipOptions, makeHouseClip, testTools } from './house-clip.ts';
import { TINY_PROFILE } from './tiny-profile.ts';

const run = promisify(execFile);
const CHANNEL = 'main';

interface FixtureAsset {
  readonly id: string;
  readonly media: string;
  readonly index: AssetIndex;
  readonly qa: Partial<QaReport>;
}

export interface StudioFixture extends AsyncDisposable {
  readonly paths: DataPaths;
  readonly profile: HouseProfile;
  readonly houseFolder: string;
  readonly assets: readonly FixtureAsset[];
  readonly store: StoreWriter;
  /** Appends assets (by number) to the queue; returns the ids of the queue items. */
  enqueue(...assetNumbers: number[]): Promise<string[]>;
  /** Renders a crossfade piece between two assets (by number) and marks it ready; returns its path. */
  addTransition(from: number, to: number): Promise<string>;
  addDestination(id: string, url: string): Promise<void>;
}

export interface StudioFixtureOptions {
  profile?: HouseProfile;
  /** One prepared asset for each; `qa`: what its certificate says beyond "nothing to note". */
  clips: readonly (Omit<HouseClipOptions, 'profile'> & { qa?: Partial<QaReport> })[];
  emergency?: Omit<HouseClipOptions, 'profile'>;
}

/**
 * A prepared mini studio in a temporary data folder: real store, real house-format assets with index, house pieces with
 * manifest. What the processor and the host would have made, ready for an engine to go on air with.
 */
export async function makeStudio(options: StudioFixtureOptions): Promise<StudioFixture> {
  const profile = options.profile ?? TINY_PROFILE;
  const root = await mkdtemp(join(tmpdir(), 'vvtv-studio-'));
  const paths = dataPaths(root);
  const store = await startStoreWriter({ paths, onChanged: () => undefined, reserveBytes: 4096 });
  const counter = { next: 0 };
  const newId = (kind: string): string => `${kind}-${String(counter.next++).padStart(4, '0')}`;
  const atMs = Date.now();
  await store.run('channel.ensure', { channelId: CHANNEL, name: 'Test channel', profile, seed: 'test', atMs });

  const houseFolder = paths.house(profileId(profile));
  await makeHouse(houseFolder, profile, options.emergency ?? { frames: 64, picture: 'color=red', toneHz: 220 });

  const assets = await mapTwoAtOnce(options.clips, async (clip, number) => {
    const id = `asset-${number}`;
    const { media, index: indexPath, folder } = paths.asset(id);
    await mkdir(folder, { recursive: true });
    await makeHouseClip(media, { ...clip, profile });
    const index = await indexAsset(media, profile);
    await writeAssetIndex(indexPath, index);
    return { id, media, index, qa: clip.qa ?? {} };
  });
  for (const asset of assets)
    await store.run('asset.certify', { asset: assetRow(asset, profile, atMs), contentHash: null, atMs });

  return {
    paths,
    profile,
    houseFolder,
    assets,
    store,
    async enqueue(...assetNumbers) {
      const ids = assetNumbers.map(() => newId('item'));
      for (const [position, number] of assetNumbers.entries())
        await store.run('queue.add', {
          ...{ id: ids[position] ?? '', channelId: CHANNEL, assetId: `asset-${number}` },
          ...{ where: 'end', origin: 'operator', atMs: Date.now() },
        });
      return ids;
    },
    async addTransition(from, to) {
      const id = newId('transition');
      const path = join(paths.transitions, `${id}.ts`);
      await mkdir(paths.transitions, { recursive: true });
      const index = await renderCrossfade(profile, assets[from], assets[to], path);
      const pair = { id, fromAssetId: `asset-${from}`, toAssetId: `asset-${to}`, profileId: profileId(profile) };
      await store.run('transition.want', { channelId: CHANNEL, pairs: [pair], atMs: Date.now() });
      const { frames, bytes, headerHash } = index;
      await store.run('transition.ready', { id, frames, bytes, headerHash, atMs: Date.now() });
      return path;
    },
    async addDestination(id, url) {
      await store.run('destination.put', {
        destination: { id, channelId: CHANNEL, name: id, url, enabled: true, builtIn: false, createdAtMs: Date.now() },
      });
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function makeHouse(
  folder: string,
  profile: HouseProfile,
  emergencyClip: Omit<HouseClipOptions, 'profile'>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const piece = async (name: string, clip: Omit<HouseClipOptions, 'profile'>): Promise<AssetIndex> => {
    const path = join(folder, name);
    await makeHouseClip(path, { ...clip, profile });
    const index = await indexAsset(path, profile);
    await writeAssetIndex(indexPathOf(path), index);
    return index;
  };
  const slate = await piece('slate.ts', { frames: 2 * profile.gopFrames, picture: 'color=gray', toneHz: 110 });
  await piece('emergency.ts', emergencyClip);
  await piece('error.ts', { frames: 2 * profile.gopFrames, picture: 'color=blue', toneHz: 330 });
  const manifest: HouseManifest = {
    version: 1,
    profile,
    profileId: profileId(profile),
    channelName: 'Test channel',
    headerHash: slate.headerHash,
    slate: 'slate.ts',
    emergency: ['emergency.ts'],
    error: ['error.ts'],
    silentFrameBase64: (await silentFrame(folder, profile)).toString('base64'),
    verifiedAtMs: Date.now(),
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** One AAC frame of silence with the house encoder: the third of a silent stream, when the encoder has settled. */
async function silentFrame(folder: string, profile: HouseProfile): Promise<Buffer> {
  const path = join(folder, 'silence.ts');
  await makeHouseClip(path, { frames: profile.gopFrames, profile, volume: 0 });
  const frames = new TsDemuxer()
    .push(await readFile(path))
    .filter((event) => event.type === 'unit' && event.kind === 'audio');
  await rm(path);
  const frame = frames[2];
  if (frame?.type !== 'unit') throw new Error('no audio in the silent clip');
  return Buffer.from(elementaryBytes(frame.packets));
}

function assetRow({ id, index, qa }: FixtureAsset, profile: HouseProfile, createdAtMs: number): Asset {
  const loudness = { integratedLufs: null, truePeakDbtp: null, rangeLu: null };
  return {
    ...{ id, channelId: CHANNEL, planId: null, title: `Clip ${id}`, profileId: profileId(profile) },
    ...{ frames: index.frames, durationMs: framesToMs(profile, index.frames), bytes: index.bytes },
    ...{ headerHash: index.headerHash, state: 'ready', filmstrip: null, createdAtMs, lastAiredMs: null, airedCount: 0 },
    qa: {
      source: { container: 'lavfi', durationSeconds: null, video: null, audio: null, notes: [] },
      ...{ black: [], frozen: [], silent: [], interlaced: false, loudnessBefore: loudness, loudnessAfter: loudness },
      ...{ vmafMean: null, vmafMin: null, averageColour: null, palette: [], warnings: [] },
      ...qa,
    },
  };
}

/**
 * A crossfade piece by the recipe of docs/architecture.md in its simplest form: pictures blended over one GOP, sound
 * cut from the same places. Its first picture is the one that follows the last of `from`, its last precedes frame D of `to`.
 */
async function renderCrossfade(
  profile: HouseProfile,
  from: FixtureAsset | undefined,
  to: FixtureAsset | undefined,
  path: string,
): Promise<AssetIndex> {
  if (!from || !to) throw new Error('no such asset in the fixture');
  const { ffmpeg } = await testTools();
  const frames = transitionFrames(profile);
  const seconds = frames / profile.fps;
  const start = (from.index.frames - frames) / profile.fps;
  const filter = [
    `[0:v]trim=start_frame=${from.index.frames - frames},settb=1/${profile.fps},setpts=N,fps=${profile.fps}[a]`,
    `[1:v]trim=end_frame=${frames},settb=1/${profile.fps},setpts=N,fps=${profile.fps}[b]`,
    `[a][b]xfade=transition=fade:duration=${seconds}:offset=0,tpad=stop_mode=clone:stop=-1,trim=end_frame=${frames},format=yuv420p,settb=1/${profile.fps},setpts=N[v]`,
    `[0:a]atrim=start=${start},asetpts=N/SR/TB[c];[1:a]atrim=end=${seconds},asetpts=N/SR/TB[d]`,
    `[c][d]amix=inputs=2:duration=longest,apad,atrim=end_sample=${Math.round(seconds * 48_000) + 4096}[s]`,
  ].join(';');
  await mkdir(dirname(path), { recursive: true });
  await run(ffmpeg, [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-i', from.media, '-i', to.media, '-filter_complex', filter],
    ...['-map', '[v]', '-map', '[s]', ...houseCodecArgs(profile, { constantRate: true }), ...houseMuxArgs(), path],
  ]);
  const index = await indexAsset(path, profile);
  await writeAssetIndex(indexPathOf(path), index);
  return index;
}

async function mapTwoAtOnce<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const indexed = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let job = indexed.shift(); job; job = indexed.shift()) results[job[0]] = await work(job[1], job[0]);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
