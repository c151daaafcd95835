import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetIndex } from '../../contract/asset-index.ts';
import { StudioError } from '../../contract/errors.ts';
import {
  AAC_FRAME_TICKS,
  crossfadeMinimumFrames,
  frameTicks,
  type HouseProfile,
  transitionFrames,
} from '../../contract/profile.ts';
import { houseCodecArgs, houseMuxArgs } from '../../media/house-format.ts';
import { indexPathOf, writeAssetIndex } from '../../media/mpegts/asset-index-file.ts';
import { indexAsset } from '../../media/mpegts/index-asset.ts';
import { runTool } from '../../media/run-tool.ts';
import type { Tools } from '../../media/tools.ts';
import { publishFile } from '../../platform/atomic-file.ts';
import type { Logger } from '../../platform/logger.ts';
import { crossfadeGraph, rollFrames } from './crossfade-graph.ts';
import { excerpt, type Piece } from './excerpt.ts';

const DEADLINE_MS = 120_000;

export interface RenderTransitionOptions {
  readonly from: Piece;
  readonly to: Piece;
  readonly profile: HouseProfile;
  /** `<data>/transitions`. */
  readonly outFolder: string;
  /** Folder for the intermediate files of this transition; removed afterwards. */
  readonly work: string;
  readonly id: string;
  readonly tools: Tools;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** 0 to 19: how far the encoder yields to others. */
  readonly nice?: number;
  /** Where running tools are put on record. */
  readonly children?: string;
}

export interface RenderedTransition {
  readonly frames: number;
  readonly bytes: number;
  readonly headerHash: string;
}

/**
 * Renders the crossfade piece that replaces the last GOP length of `from` and the first of `to`, certifies it and writes
 * `<outFolder>/<id>.ts` with its index beside it. Its video is exactly `transitionFrames(profile)` frames long; its sound
 * begins before and ends after it, which the engine drops by PTS.
 *
 * Throws BAD_ARGUMENT when a piece is too short to fade, HOUSE_MISMATCH when the two are not of this channel or the result
 * is not in the house format, ASSET_DAMAGED when a source is not what was certified, and what `runTool` throws.
 */
export async function renderTransition(options: RenderTransitionOptions): Promise<RenderedTransition> {
  const { from, to, profile, outFolder, work, id, signal } = options;
  assertCanFade(options);
  await rm(work, { recursive: true, force: true });
  await Promise.all([mkdir(work, { recursive: true }), mkdir(outFolder, { recursive: true })]);
  try {
    const length = transitionFrames(profile);
    const roll = rollFrames(profile);
    const out = from.index.frames - length;
    const start = Math.floor((out - roll) / profile.gopFrames) * profile.gopFrames;
    const tail = join(work, 'from.ts');
    const head = join(work, 'to.ts');
    const rendered = join(work, 'crossfade.ts');
    await writeFile(tail, await excerpt(from, profile, start, from.index.frames));
    await writeFile(head, await excerpt(to, profile, 0, length + roll));
    await encode({ ...options, tail, head, rendered, graph: crossfadeGraph(profile, length, out - start) });
    const index = await indexAsset(rendered, profile, { signal });
    assertFits(index, options);
    const path = join(outFolder, `${id}.ts`);
    await writeAssetIndex(indexPathOf(path), index);
    await publishFile(rendered, path);
    return { frames: index.frames, bytes: index.bytes, headerHash: index.headerHash };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function assertCanFade({ from, to, profile }: RenderTransitionOptions): void {
  const least = crossfadeMinimumFrames(profile);
  for (const { index, mediaPath } of [from, to]) {
    if (index.frames < least)
      throw new StudioError('BAD_ARGUMENT', `${mediaPath} is too short for a crossfade: ${index.frames} frames`, {
        detail: { path: mediaPath, frames: index.frames, least },
      });
  }
  if (from.index.headerHash !== to.index.headerHash)
    throw new StudioError('HOUSE_MISMATCH', `${from.mediaPath} and ${to.mediaPath} have different headers`, {
      detail: { from: from.index.headerHash, to: to.index.headerHash },
    });
}

async function encode(
  options: RenderTransitionOptions & { tail: string; head: string; rendered: string; graph: string },
): Promise<void> {
  const { profile, tools, logger, signal, nice, children } = options;
  await runTool({
    tool: tools.ffmpeg,
    args: [
      ...['-hide_banner', '-nostdin', '-v', 'warning', '-y', '-i', options.tail, '-i', options.head],
      ...['-filter_complex', options.graph, '-map', '[v]', '-map', '[a]'],
      // The picture starts after the sound: a constant rate would fill the time before it with copies.
      ...houseCodecArgs(profile, { constantRate: false }),
      ...houseMuxArgs(),
      options.rendered,
    ],
    logger,
    signal,
    deadlineMs: DEADLINE_MS,
    nice,
    childrenFolder: children,
  });
}

function assertFits(index: AssetIndex, { from, profile, id }: RenderTransitionOptions): void {
  const frames = transitionFrames(profile);
  const ticks = (frames + 2 * rollFrames(profile)) * frameTicks(profile);
  const fault =
    index.frames !== frames
      ? `${index.frames} frames instead of ${frames}`
      : index.headerHash !== from.index.headerHash
        ? 'other headers than the pieces it joins'
        : index.audioFrames * AAC_FRAME_TICKS < ticks
          ? `${index.audioFrames} AAC frames: the rolls are missing`
          : null;
  if (fault !== null) throw new StudioError('HOUSE_MISMATCH', `crossfade ${id}: ${fault}`, { detail: { id } });
}
