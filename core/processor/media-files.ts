import { basename, extname } from 'node:path';

/** What may be media, by name; whether it is, its content decides. */
const EXTENSIONS = new Set(
  [
    '3g2 3gp asf avi divx dv f4v flv m2t m2ts m2v m4v mkv mov mp4 mpe mpeg mpg mpv mts mxf ogm ogv qt rm rmvb ts vob webm',
    'wmv wtv y4m gif m3u8',
    'aac ac3 aif aiff flac m4a m4b mka mp2 mp3 oga ogg opus wav wma',
    'avif bmp jpeg jpg png tif tiff webp',
  ]
    .join(' ')
    .split(' ')
    .map((extension) => `.${extension}`),
);

/** Names that a download gives beside the file it is still writing. */
export const PARTIAL_SUFFIXES = ['.part', '.crdownload', '.aria2', '.download', '.!qb', '.tmp', '.partial', '.ytdl'];

/** True when a file of this name belongs in the library; hidden and temporary ones do not. */
export function isMediaName(name: string): boolean {
  if (name.startsWith('.') || name.startsWith('~') || name.endsWith('~')) return false;
  return EXTENSIONS.has(extname(name).toLowerCase());
}

/** What a person would call it: the name without extension, underscores as spaces, no control characters. */
export function titleOf(path: string): string {
  const name = basename(path, extname(path));
  const folderName = /^(index|master|manifest|playlist|prog_index)$/i.test(name)
    ? basename(path.slice(0, -basename(path).length))
    : '';
  const words = (folderName || name)
    .replace(/[\p{Cc}_]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? name : words;
}
