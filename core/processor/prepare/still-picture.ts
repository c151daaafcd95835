import sharp from 'sharp';
import type { HouseProfile } from '../../contract/profile.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Inspection } from './inspect-source.ts';
import { Rejection } from './rejection.ts';
import { renderTitleCard } from './title-card.ts';

/**
 * Writes the picture that is shown for a source without a moving one, as PNG: the still itself, upright by its EXIF
 * orientation, in sRGB and without transparency, or a card with the title. Nothing to do when there is a cover or a video.
 * Answers the path, or null when none is needed.
 */
export async function writeStillPicture(
  inspection: Inspection,
  source: { path: string; title: string },
  profile: HouseProfile,
  path: string,
): Promise<string | null> {
  if (inspection.video || inspection.cover) return null;
  if (inspection.kind === 'audio') {
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
