import { execFile } from 'node:child_process';
import { open, rename, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { testTools } from '../house-clip.ts';

async function ffmpeg(args: readonly string[]): Promise<void> {
  const tools = await testTools();
  await promisify(execFile)(tools.ffmpeg, ['-v', 'error', '-y', ...args]);
}

const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** A moving picture with a tone. `seconds` may be fractional. */
export async function makeClip(
  path: string,
  options: { seconds: number; size?: string; picture?: string },
): Promise<void> {
  const { seconds, size = '160x90', picture = 'testsrc2' } = options;
  const source = `${picture}${picture.includes('=') ? ':' : '='}s=${size}:r=25`;
  await ffmpeg(['-f', 'lavfi', '-i', source, ...TONE, '-t', String(seconds), ...X264, '-c:a', 'aac', path]);
}

/** Black and silent. */
export async function makeBlackClip(path: string, seconds: number): Promise<void> {
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=stereo'];
  await ffmpeg(['-f', 'lavfi', '-i', 'color=black:s=160x90:r=25', ...silence, '-t', String(seconds), ...X264, path]);
}

/** A picture without sound, with odd width and height. */
export async function makeOddSilentClip(path: string): Promise<void> {
  await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=161x121:r=30:d=2',
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-b:v',
    '500k',
    path,
  ]);
}

/**
 * As a phone stores it: coded lying on its side (left half red, right half blue), to be turned by 90° when shown, so that
 * red belongs to the top.
 */
export async function makePhoneClip(path: string): Promise<void> {
  const flat = join(dirname(path), 'flat.mp4');
  const halves = 'color=red:s=160x90:r=30:d=2,drawbox=x=80:y=0:w=80:h=90:color=blue:t=fill';
  await ffmpeg(['-f', 'lavfi', '-i', halves, ...TONE, '-t', '2', ...X264, '-c:a', 'aac', flat]);
  await ffmpeg(['-display_rotation', '-90', '-i', flat, '-c', 'copy', path]);
  await rename(flat, `${flat}.used`);
}

/** Sound with a green cover picture. */
export async function makeSongWithCover(path: string): Promise<void> {
  const cover = ['-f', 'lavfi', '-i', 'color=lime:s=200x200:r=1:d=1'];
  const streams = ['-map', '0:a', '-map', '1:v', '-c:a', 'libmp3lame', '-c:v', 'png'];
  await ffmpeg([...TONE, ...cover, '-t', '2', ...streams, '-disposition:v', 'attached_pic', path]);
}

/** Cuts a file after a share of its bytes. */
export async function cutFile(path: string, share: number): Promise<void> {
  const { size } = await stat(path);
  await truncate(path, Math.floor(size * share));
}

/** Overwrites some bytes every now and then, from `fromShare` of the file on. */
export async function damageFile(path: string, fromShare: number, everyBytes: number): Promise<void> {
  const { size } = await stat(path);
  await using file = await open(path, 'r+');
  for (let at = Math.floor(size * fromShare); at < size - 64; at += everyBytes)
    await file.write(Buffer.alloc(24, 0x5a), 0, 24, at);
}
