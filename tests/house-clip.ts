import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HouseProfile } from '../core/contract/profile.ts';
import { houseAudioFilter, houseCodecArgs, houseMuxArgs, houseVideoFilter } from '../core/media/house-format.ts';
import { locateTools, type Tools } from '../core/media/tools.ts';
import { TINY_PROFILE } from './tiny-profile.ts';

const run = promisify(execFile);
let located: Promise<Tools> | undefined;

/** The ffmpeg and ffprobe that the product itself would use. */
export function testTools(): Promise<Tools> {
  located ??= locateTools({
    settings: {},
    resourcesDir: fileURLToPath(new URL('../resources', import.meta.url)),
    toolsFolder: join(tmpdir(), 'vvtv-test-tools'),
  });
  return located;
}

export interface HouseClipOptions {
  frames: number;
  profile?: HouseProfile;
  /** lavfi picture, without size and rate: `testsrc2`, `color=red`, `smptebars`, … */
  picture?: string;
  toneHz?: number;
  /** Factor on the tone; 0 is silence. */
  volume?: number;
  /** Strength of noise laid over the picture, so that the encoder needs its whole bit rate; 0 to 100. */
  noise?: number;
  /** Replaces arguments of the encoder, to make clips that are not in the house format. */
  mutateArgs?: (args: string[]) => string[];
}

/** Encodes a generated picture with a tone into a house-format stream. */
export async function makeHouseClip(path: string, options: HouseClipOptions): Promise<void> {
  const { frames, profile = TINY_PROFILE, picture = 'testsrc2', toneHz = 440, volume = 1, noise = 0 } = options;
  const { ffmpeg } = await testTools();
  const source = `${picture}${picture.includes('=') ? ':' : '='}s=${profile.width}x${profile.height}:r=${profile.fps}`;
  const filter = `${noise > 0 ? `noise=alls=${noise}:allf=t,` : ''}${houseVideoFilter(profile, frames)}`;
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', source, '-f', 'lavfi', '-i', `sine=frequency=${toneHz}:sample_rate=48000`],
    ...['-map', '0:v', '-map', '1:a', '-vf', filter],
    ...['-af', `volume=${volume},${houseAudioFilter(profile, frames, null)}`],
    ...houseCodecArgs(profile, { constantRate: true }),
    ...houseMuxArgs(),
    path,
  ];
  await run(ffmpeg, options.mutateArgs?.(args) ?? args);
}
