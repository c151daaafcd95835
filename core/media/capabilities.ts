import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';
import type { Logger } from '../platform/logger.ts';
import { runTool } from './run-tool.ts';
import type { Tools } from './tools.ts';

const proven = z.boolean();

/** What this ffmpeg was seen to do here. Nothing is believed from its build options. */
const capabilitiesSchema = z.object({
  version: z.literal(1),
  /** Which binary it is about: size, time of change and version line. */
  binary: z.string(),
  encoders: z.object({ libx264: proven, aac: proven }),
  filters: z.object({
    libvmaf: proven,
    ebur128: proven,
    xfade: proven,
    drawtext: proven,
    tonemap: proven,
    bwdif: proven,
  }),
  protocols: z.object({ rtmp: proven, srt: proven }),
  /** Hardware encoders that encoded a tenth of a second; used only when the operator chooses one. */
  hardware: z.object({
    h264_videotoolbox: proven,
    h264_nvenc: proven,
    h264_qsv: proven,
    h264_vaapi: proven,
    h264_amf: proven,
  }),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export interface ProbeCapabilitiesOptions {
  tools: Tools;
  /** `<data>/tools`: where the result is kept. */
  toolsFolder: string;
  logger: Logger;
  signal?: AbortSignal;
  nice?: number;
}

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30:d=0.1'];
const TWO_PICTURES = [...PICTURE, ...PICTURE];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=0.5:r=48000'];
const NOWHERE = ['-f', 'null', '-'];
const TO_LINEAR = 'zscale=tin=smpte2084:min=bt2020nc:pin=bt2020:rin=limited:t=linear:npl=203,format=gbrpf32le';

/** Each trial must end well, except for protocols: those must be known, nobody answers them. */
const TRIALS = {
  libx264: [...PICTURE, '-c:v', 'libx264', ...NOWHERE],
  aac: [...SOUND, '-c:a', 'aac', ...NOWHERE],
  libvmaf: [...TWO_PICTURES, '-filter_complex', '[0:v][1:v]libvmaf', ...NOWHERE],
  ebur128: [...SOUND, '-af', 'ebur128=peak=true', ...NOWHERE],
  xfade: [...TWO_PICTURES, '-filter_complex', '[0:v][1:v]xfade=duration=0.05:offset=0', ...NOWHERE],
  drawtext: [...PICTURE, '-vf', 'drawtext=text=A', ...NOWHERE],
  tonemap: [
    ...[...PICTURE, '-vf'],
    `format=yuv420p10le,${TO_LINEAR},zscale=p=bt709,tonemap=mobius,zscale=t=bt709:m=bt709:r=limited,format=yuv420p`,
    ...NOWHERE,
  ],
  bwdif: [...PICTURE, '-vf', 'bwdif', ...NOWHERE],
  h264_videotoolbox: [...PICTURE, '-c:v', 'h264_videotoolbox', ...NOWHERE],
  h264_nvenc: [...PICTURE, '-c:v', 'h264_nvenc', ...NOWHERE],
  h264_qsv: [...PICTURE, '-c:v', 'h264_qsv', ...NOWHERE],
  h264_vaapi: [
    '-vaapi_device',
    '/dev/dri/renderD128',
    ...PICTURE,
    '-vf',
    'format=nv12,hwupload',
    '-c:v',
    'h264_vaapi',
    ...NOWHERE,
  ],
  h264_amf: [...PICTURE, '-c:v', 'h264_amf', ...NOWHERE],
} as const satisfies Record<string, readonly string[]>;

const TRIAL_DEADLINE_MS = 20_000;

/** Tries out everything the studio may use and keeps the answer until the binary changes. */
export async function probeCapabilities(options: ProbeCapabilitiesOptions): Promise<Capabilities> {
  const binary = await binaryIdentity(options);
  const path = join(options.toolsFolder, 'capabilities.json');
  const stored = capabilitiesSchema.safeParse(await readJson(path));
  if (stored.success && stored.data.binary === binary) return stored.data;
  const works = async (name: keyof typeof TRIALS) => succeeds(options, ['-v', 'error', '-nostdin', ...TRIALS[name]]);
  const capabilities: Capabilities = {
    version: 1,
    binary,
    encoders: { libx264: await works('libx264'), aac: await works('aac') },
    filters: {
      libvmaf: await works('libvmaf'),
      ebur128: await works('ebur128'),
      xfade: await works('xfade'),
      drawtext: await works('drawtext'),
      tonemap: await works('tonemap'),
      bwdif: await works('bwdif'),
    },
    protocols: { rtmp: await knowsProtocol(options, 'rtmp'), srt: await knowsProtocol(options, 'srt') },
    hardware: {
      h264_videotoolbox: await works('h264_videotoolbox'),
      h264_nvenc: await works('h264_nvenc'),
      h264_qsv: await works('h264_qsv'),
      h264_vaapi: await works('h264_vaapi'),
      h264_amf: await works('h264_amf'),
    },
  };
  await writeFileAtomic(path, JSON.stringify(capabilities, null, 2));
  options.logger.info({ capabilities }, 'ffmpeg tried out');
  return capabilities;
}

async function succeeds(options: ProbeCapabilitiesOptions, args: string[]): Promise<boolean> {
  const { tools, logger, signal, nice } = options;
  try {
    await runTool({ tool: tools.ffmpeg, args, logger, signal, nice, deadlineMs: TRIAL_DEADLINE_MS });
    return true;
  } catch (error) {
    if (error instanceof StudioError && (error.code === 'TOOL_FAILED' || error.code === 'DEADLINE')) return false;
    throw error;
  }
}

/** Connects to a closed port of this machine: refused means that it tried. */
async function knowsProtocol(options: ProbeCapabilitiesOptions, protocol: string): Promise<boolean> {
  const { tools, logger, signal, nice } = options;
  const args = ['-v', 'error', '-nostdin', ...PICTURE, '-f', 'mpegts', `${protocol}://127.0.0.1:1/a?timeout=200000`];
  try {
    await runTool({ tool: tools.ffmpeg, args, logger, signal, nice, deadlineMs: TRIAL_DEADLINE_MS });
    return true;
  } catch (error) {
    if (!(error instanceof StudioError) || error.code === 'ABORTED') throw error;
    return !/Protocol not found/i.test(String(error.detail['stderrTail']));
  }
}

async function binaryIdentity({ tools, logger, signal }: ProbeCapabilitiesOptions): Promise<string> {
  const { size, mtimeMs } = await stat(tools.ffmpeg);
  const { stdout } = await runTool({
    tool: tools.ffmpeg,
    args: ['-version'],
    logger,
    signal,
    deadlineMs: TRIAL_DEADLINE_MS,
  });
  return `${size} ${Math.round(mtimeMs)} ${stdout.toString('utf8').split('\n', 1)[0]}`;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // Not there yet, or not readable: it is found out again.
    return null;
  }
}
