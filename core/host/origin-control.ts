import { join } from 'node:path';
import type { OriginRunFile, OriginStatus } from '../contract/origin-protocol.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { daemonModule, ORIGIN } from './detached-daemons.ts';
import { DetachedProcess } from './detached-process.ts';
import type { Studio } from './studio.ts';

export interface OriginControlOptions {
  readonly paths: DataPaths;
  readonly channelId: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onAttached: (run: OriginRunFile) => void;
  readonly onLooping: (count: number) => void;
}

/** Id of the destination that stands for the embedded origin. */
const ORIGIN_DESTINATION_ID = 'embedded-origin';

/** Starts or finds the embedded RTMP origin; it outlives the host as the broadcaster does. */
export function originProcess(options: OriginControlOptions): DetachedProcess<OriginRunFile, OriginStatus> {
  const { paths, channelId, log, clock, random, onAttached, onLooping } = options;
  return new DetachedProcess({
    ...ORIGIN,
    place: { modulePath: daemonModule('origin'), dataDir: paths.root, channelId },
    runFolder: paths.run,
    logFile: join(paths.logs, 'origin.log'),
    log,
    clock,
    random,
    onAttached: (run) => {
      log.info({ originPid: run.pid, playUrl: run.playUrl }, 'attached to the RTMP origin');
      onAttached(run);
    },
    onStatus: () => undefined,
    onLost: () => log.warn('the RTMP origin is gone'),
    onLooping,
  });
}

/** Stores the embedded origin as a destination, with the address it has now; it stays disabled when it was. */
export async function putOriginDestination(
  studio: Pick<Studio, 'channelId' | 'clock' | 'reader' | 'store'>,
  run: OriginRunFile,
): Promise<void> {
  const { channelId, clock, reader, store } = studio;
  const known = reader.destinations(channelId).find(({ id }) => id === ORIGIN_DESTINATION_ID);
  if (known?.url === run.publishUrl) return;
  const destination = {
    id: ORIGIN_DESTINATION_ID,
    channelId,
    name: 'Embedded origin',
    url: run.publishUrl,
    enabled: known?.enabled ?? true,
    builtIn: true,
    createdAtMs: known?.createdAtMs ?? clock.wallMs(),
  };
  await store.run('destination.put', { destination });
}
