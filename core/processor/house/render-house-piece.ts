import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { HouseProfile } from '../../contract/profile.ts';
import { houseCodecArgs, houseMuxArgs, samplesPerFrame } from '../../media/house-format.ts';
import { runTool } from '../../media/run-tool.ts';
import type { Tools } from '../../media/tools.ts';
import type { Logger } from '../../platform/logger.ts';
import { cardSvg } from './card-svg.ts';
import { drawableName } from './drawable-name.ts';
import { loadFaces } from './glyph-outlines.ts';
import { type HousePiece, pieceFrames } from './house-pieces.ts';
import { FIELD_HEIGHT, FIELD_WIDTH, renderLightField } from './light-field.ts';
import { renderSoundBed } from './sound-bed.ts';

/** Sound encoded past the end, so that the last AAC frames of the piece are whole. */
const TAIL_SAMPLES = 4096;
/** Fine still grain: hides the steps of dark gradients. Moving grain would double the cost of encoding. */
const GRAIN = 3;
const DEADLINE_MS = 180_000;
/** The cards are drawn for a frame of this height. */
const CARD_HEIGHT = 720;
const CARD_WIDTH = 1280;
const CARD_DPI = 72;

export interface RenderHousePieceOptions {
  readonly piece: HousePiece;
  readonly profile: HouseProfile;
  readonly channelName: string;
  /** `resources/emergency`. */
  readonly resources: string;
  /** Folder for intermediate files; removed by the caller. */
  readonly work: string;
  /** The stream to write. */
  readonly output: string;
  readonly tools: Tools;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Where running tools are put on record. */
  readonly children: string;
  /** 0 to 19: how far the encoder yields to others. */
  readonly nice: number;
  /** 0 to 1. */
  readonly onFraction: (fraction: number) => void;
}

/** Renders one house piece in the exact house format: light, card and sound in one ffmpeg run. */
export async function renderHousePiece(options: RenderHousePieceOptions): Promise<void> {
  const { piece, profile, work, output, tools, logger, signal } = options;
  const frames = pieceFrames(piece, profile);
  const card = join(work, `${piece.name}.png`);
  const [field, sound] = await Promise.all([
    renderLightField(piece.lights, frames),
    soundInput(options, frames),
    drawCard(options).then((png) => writeFile(card, png)),
  ]);
  await runTool({
    tool: tools.ffmpeg,
    args: [
      ...['-hide_banner', '-nostdin', '-y'],
      ...['-f', 'rawvideo', '-pixel_format', 'rgb48le', '-video_size', `${FIELD_WIDTH}x${FIELD_HEIGHT}`],
      ...['-framerate', String(profile.fps), '-i', 'pipe:0', '-i', card, ...sound],
      ...['-filter_complex', videoGraph(profile, frames), '-map', '[v]', '-map', '2:a:0'],
      ...houseCodecArgs(profile, { constantRate: true }),
      // The last of two rates counts; it is in no header, and a dark, soft picture needs half of the programme's.
      ...['-b:v', `${Math.round(profile.videoBitrateKbps / 2)}k`],
      ...houseMuxArgs(),
      output,
    ],
    input: field,
    logger,
    signal,
    nice: options.nice,
    childrenFolder: options.children,
    deadlineMs: DEADLINE_MS,
    onProgress: (progress) => options.onFraction(Math.min(1, (progress.frame ?? 0) / frames)),
  });
}

function videoGraph(profile: HouseProfile, frames: number): string {
  const { width, height, fps } = profile;
  const toHouse = 'out_color_matrix=bt709:out_range=tv';
  return [
    `[0:v]scale=${width}:${height}:flags=gauss:${toHouse},format=yuv420p,noise=c0s=${GRAIN}[light]`,
    `[1:v]scale=${toHouse},format=yuva420p[card]`,
    `[light][card]overlay=format=yuv420,format=yuv420p,setsar=1,trim=end_frame=${frames},settb=1/${fps},setpts=N[v]`,
  ].join(';');
}

/** ffmpeg's input arguments for the sound; writes the pad into the work folder. */
async function soundInput(options: RenderHousePieceOptions, frames: number): Promise<string[]> {
  const { piece, profile, work } = options;
  const samples = frames * samplesPerFrame(profile);
  if (piece.sound === 'silence') {
    const seconds = (samples + TAIL_SAMPLES) / 48_000;
    return ['-f', 'lavfi', '-i', `anullsrc=r=48000:cl=stereo,atrim=duration=${seconds}`];
  }
  const path = join(work, `${piece.name}.f32`);
  await writeFile(path, await renderSoundBed(samples, TAIL_SAMPLES));
  return ['-f', 'f32le', '-ar', '48000', '-ac', '2', '-i', path];
}

/** The still layer of a piece as PNG of the house size: rings and text, transparent elsewhere, never stretched. */
async function drawCard(options: RenderHousePieceOptions): Promise<Buffer> {
  const { piece, profile, channelName, resources } = options;
  const faces = await loadFaces(join(resources, 'inter-outlines.json.gz'));
  const name = await drawableName(faces['600'], channelName);
  const card = cardSvg(await readFile(join(resources, piece.card), 'utf8'), faces, name);
  const above = await drawSvg(card, profile);
  if (!piece.rings) return above;
  const below = await drawSvg(await readFile(join(resources, 'rings.svg'), 'utf8'), profile);
  return sharp(below)
    .composite([{ input: above }])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function drawSvg(svg: string, { width, height }: HouseProfile): Promise<Buffer> {
  const scale = Math.min(width / CARD_WIDTH, height / CARD_HEIGHT);
  return sharp(Buffer.from(svg), { density: CARD_DPI * scale })
    .resize(width, height, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
