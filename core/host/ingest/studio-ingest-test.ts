import { join } from 'node:path';
import type { PreflightCheck } from '../../contract/control-api.ts';
import type { HouseManifest } from '../../contract/house-piece.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Studio } from '../studio.ts';
import { locateStudioTools } from '../tool-versions.ts';
import { ingestTest } from './ingest-test.ts';

export interface StudioIngest {
  readonly paths: DataPaths;
  readonly log: Logger;
  readonly house: HouseManifest | null;
  readonly studio: Pick<Studio, 'channelId' | 'reader' | 'view'>;
}

/** Tests an address with the slate of the channel; one that the channel sends to, in whatever state, is not published to. */
export async function studioIngestTest(url: string, sources: StudioIngest): Promise<PreflightCheck[]> {
  const { paths, log, house, studio } = sources;
  // Off air, nothing is sent anywhere.
  const used = studio.view.status === null ? [] : studio.reader.destinations(studio.channelId);
  const live = used.some((one) => one.enabled && sameIngest(one.url, url));
  const media = house && join(paths.house(house.profileId), house.slate);
  const push = media && !live ? { ffmpeg: (await locateStudioTools(paths)).ffmpeg, media } : null;
  return ingestTest({ url, live, push, log });
}

/** The same place, however it is written: scheme and host do not care for case, and a final slash or a default port says nothing. */
export function sameIngest(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname, search } = new URL(url);
  const port = protocol === 'rtmp:' ? /:1935$/ : /:443$/;
  return `${protocol}//${host.toLowerCase().replace(port, '')}${pathname.replace(/\/+$/, '')}${search}`;
}
