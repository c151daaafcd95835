import { readFile } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import { TsDemuxer } from '../../media/mpegts/demuxer.ts';
import { elementaryBytes } from '../../media/mpegts/elementary.ts';

/** A frame well inside, so that it holds neither the encoder's start nor its end. */
const FRAME_INSIDE = 8;

/** One AAC frame of silence with its ADTS header, taken from a stream whose sound is silence. */
export async function extractSilentFrame(path: string): Promise<Buffer> {
  const demuxer = new TsDemuxer();
  const events = [...demuxer.push(await readFile(path)), ...demuxer.flush()];
  const frame = events.filter((event) => event.type === 'unit' && event.kind === 'audio').at(FRAME_INSIDE);
  if (frame?.type !== 'unit')
    throw new StudioError('HOUSE_MISMATCH', `${path} has too little sound for a silent frame`, { detail: { path } });
  return Buffer.from(elementaryBytes(frame.packets));
}
