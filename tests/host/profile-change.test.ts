import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dataPaths } from '../../core/platform/data-paths.ts';
import { openStudioReader } from '../../core/store/open-studio-reader.ts';
import { makeClip } from '../support/source-clips.ts';
import { TINY_PROFILE } from '../tiny-profile.ts';
import { cleanUp, RunningHost, stopAndCheck, until, vvtvctl } from './running-host.ts';

/** The house format changes while the channel is on air: nothing is mixed, and the library comes back by itself. */
let root = '';
let library = '';
let host: RunningHost;

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vvtv-format-'));
  root = join(folder, 'data');
  library = join(folder, 'videos');
  await mkdir(library);
  await makeClip(join(library, 'one.mp4'), { seconds: 4 });
});

after(async () => {
  await host?.stop();
  await cleanUp(root);
  await rm(join(root, '..'), { recursive: true, force: true });
});

interface Status {
  status: { mode: string; profileId?: string } | null;
}

async function programme(): Promise<string> {
  const { stdout } = await vvtvctl(root, 'status', '--json');
  if (stdout === '') return '';
  const { status }: Status = JSON.parse(stdout);
  return status?.mode === 'program' ? (status.profileId ?? '') : '';
}

test('another profile: the old engine gives way, and the library is prepared again', async () => {
  host = await RunningHost.start(root, '--library', library);
  await until(async () => (await programme()).startsWith('320x180'), 60_000, 'the first format is not on air');
  const engine = await host.pidOf('broadcaster');
  await host.kill();
  host = await RunningHost.start(root, '--profile', JSON.stringify({ ...TINY_PROFILE, width: 256, height: 144 }));
  await until(async () => (await programme()).startsWith('256x144'), 60_000, 'the second format is not on air');
  assert.notEqual(await host.pidOf('broadcaster'), engine);
  const { plans } = JSON.parse((await vvtvctl(root, 'plan', 'list', '--json')).stdout);
  assert.deepEqual(
    plans.map(({ state, reason }: { state: string; reason: unknown }) => [
      ['ready', 'on_air', 'played'].includes(state),
      reason,
    ]),
    [[true, null]],
  );
  using reader = openStudioReader(dataPaths(root).studioDb);
  assert.deepEqual(reader.openIncidents('main'), []);
  await stopAndCheck(host);
});
