import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testTools } from '../house-clip.ts';

const run = promisify(execFile);

/** Bits of the frame number that are burnt in, least significant first; then `CLIP_BITS` bits of the clip's number. */
export const FRAME_BITS = 12;
export const CLIP_BITS = 3;
/** Side of a bit's square at the house size the clips are made for, 320 × 180. */
export const BIT_PX = 20;

/**
 * Writes `count` (at most 7) clips of `seconds` named `Clip 1.mp4` …, with a tone of their own. Every frame carries its
 * number and its clip's number as squares along the top, so that a picture tells which frame it is.
 */
export async function makeClips(folder: string, count: number, seconds: number): Promise<void> {
  const { ffmpeg } = await testTools();
  await mkdir(folder, { recursive: true });
  for (let clip = 1; clip <= count; clip += 1) {
    const squares = Array.from({ length: FRAME_BITS + CLIP_BITS }, (_, bit) => {
      const on = bit < FRAME_BITS ? `mod(floor(n/${2 ** bit})\\,2)` : String((clip >> (bit - FRAME_BITS)) & 1);
      return `drawbox=x=${bit * BIT_PX}:y=0:w=${BIT_PX}:h=${BIT_PX}:color=white:t=fill:enable='${on}'`;
    });
    const picture = `testsrc2=s=320x180:r=30,hue=h=${clip * 50},drawbox=x=0:y=0:w=320:h=${BIT_PX}:color=black:t=fill,${squares.join(',')}`;
    const args = ['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', picture];
    args.push('-f', 'lavfi', '-i', `sine=f=${200 + clip * 110}:r=48000`, '-t', String(seconds));
    args.push('-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p', '-c:a', 'aac');
    await run(ffmpeg, [...args, join(folder, `Clip ${clip}.mp4`)], { timeout: 60_000 });
  }
}
