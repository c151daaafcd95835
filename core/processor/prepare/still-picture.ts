import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import type { HouseProfile } from '../../contract/profile.ts';
import { type RunToolOptions, runTool } from '../../media/run-tool.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Inspection } from './inspect-source.ts';
import { Rejection } from './rejection.ts';
import { sourceInputArgs } from './source-input.ts';
import { renderTitleCard } from './title-card.ts';

/**
 * Writes the picture that is shown for a source without a moving one, as PNG: the still itself, upright by its EXIF
 * orientation, in sRGB and without transparency, the cover of a sound file, or a card with the title. Answers the path, or
 * null when there is a moving picture.
 */
export async function writeStillPicture(
  inspection: Inspection,
  source: { path: string; title: string },
  profile: HouseProfile,
  path: string,
  run: Omit<RunToolOptions, 'args'>,
): Promise<string | null> {
  if (inspection.video) return null;
  if (inspection.kind === 'audio') {
    if (inspection.cover && (await extractCover(source.path, inspection.cover.index, path, run))) return path;
    await writeFileAtomic(path, await renderTitleCard(profile, source.title));
    return path;
  }
  try {
    const picture = sharp(source.path, { failOn: 'error' })
      .rotate()
      .flatten({ background: '#000000' })
      .resize(profile.width * 2, profile.height * 2, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb');
    await writeFileAtomic(path, await picture.png({ compressionLevel: 1 }).toBuffer());
    return path;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Rejection({ code: 'unreadable', message: `The picture cannot be decoded (${why}).` }, cause);
  }
}

/** False when the cover cannot be decoded: the sound is good nevertheless. */
async function extractCover(
  source: string,
  stream: number,
  path: string,
  run: Omit<RunToolOptions, 'args'>,
): Promise<boolean> {
  const picture = [
    '-map',
    `0:${stream}`,
    '-frames:v',
    '1',
    '-update',
    '1',
    '-f',
    'image2',
    '-c:v',
    'png',
    `file:${path}`,
  ];
  try {
    await runTool({ ...run, args: ['-v', 'error', '-nostdin', '-y', ...sourceInputArgs(source), ...picture] });
    return (await stat(path)).size > 0;
  } catch (error) {
    if (error instanceof StudioError && error.code !== 'TOOL_FAILED') throw error;
    run.logger.warn({ err: error, source }, 'the cover cannot be decoded: a title card is shown instead');
    return false;
  }
}
