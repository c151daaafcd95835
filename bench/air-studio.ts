import { readFile } from 'node:fs/promises';
import { DEFAULT_PROFILE, type HouseProfile } from '../core/contract/profile.ts';
import { BroadcasterProcess } from '../tests/broadcaster-process.ts';
import { type RtmpServer, startRtmpServer } from '../tests/rtmp-server.ts';
import { keyframesOf, StreamWatcher } from '../tests/stream-watcher.ts';
import { makeStudio, type StudioFixture } from '../tests/studio-fixture.ts';

/** 720p30 at 3 Mb/s like the default channel; a quicker preset only because the clips are made for this run. */
export const AIR_PROFILE: HouseProfile = { ...DEFAULT_PROFILE, preset: 'superfast' };

/** A channel on air with one long item, an RTMP server and a viewer: what the recovery benchmarks start from. */
export interface AirStudio extends AsyncDisposable {
  readonly studio: StudioFixture;
  readonly server: RtmpServer;
  readonly url: string;
  readonly emergency: ReadonlySet<string>;
  /** Fingerprints of the keyframes of the item on air, in order. */
  readonly item: readonly string[];
  readonly itemId: string;
  broadcaster: BroadcasterProcess;
  viewer: StreamWatcher;
}

export async function startAirStudio(itemSeconds: number): Promise<AirStudio> {
  const frames = Math.ceil((itemSeconds * AIR_PROFILE.fps) / AIR_PROFILE.gopFrames) * AIR_PROFILE.gopFrames;
  const studio = await makeStudio({
    profile: AIR_PROFILE,
    clips: [{ frames, picture: 'gradients=speed=0.03:seed=7:n=4' }],
    emergency: { frames: 128, picture: 'smptebars', toneHz: 1000 },
  });
  const [itemId] = await studio.enqueue(0);
  const server = await startRtmpServer('nginx');
  const url = server.url('bench');
  await studio.addDestination('bench', url);
  const broadcaster = await BroadcasterProcess.start(studio.paths);
  await broadcaster.statusWhere('live', (status) => status.destinations[0]?.state === 'live');
  const viewer = await StreamWatcher.rtmp(url);
  await viewer.next('a picture', ({ key }) => key);
  const air: AirStudio = {
    studio,
    server,
    url,
    emergency: new Set(keyframesOf(await readFile(`${studio.houseFolder}/emergency.ts`))),
    item: keyframesOf(await readFile(studio.assets[0]?.media ?? '')),
    itemId: itemId ?? '',
    broadcaster,
    viewer,
    async [Symbol.asyncDispose]() {
      await air.viewer[Symbol.asyncDispose]();
      await air.broadcaster[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await studio[Symbol.asyncDispose]();
    },
  };
  return air;
}

/** The value below which a share of all lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
