import { ulid } from 'ulid';
import { ALERT_SETTING, alertSettings } from '../../contract/alert.ts';
import { describeError } from '../../contract/errors.ts';
import type { StoreClient } from '../../contract/store-commands.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StudioReader } from '../../store/studio-reader.ts';

export interface FailedStreakOptions {
  readonly channelId: string;
  readonly reader: StudioReader;
  readonly store: StoreClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One file that cannot be prepared is the file's fault and only noted; several in a row are a warning until one succeeds. */
export function watchFailedStreak({ channelId, reader, store, clock, logger }: FailedStreakOptions): () => void {
  return () => {
    const needed = alertSettings(reader.setting(ALERT_SETTING)).failedFilesInARow;
    const last = reader.prepareOutcomes(needed);
    const failing = last.length === needed && last.every((outcome) => outcome === 'failed');
    const open = reader.openIncidents(channelId).some(({ code }) => code === 'prepare_failing');
    if (failing === open) return;
    const fault = { code: 'prepare_failing' as const, subject: channelId };
    const atMs = clock.wallMs();
    const message = `The last ${needed} files could not be prepared: look for a common cause (disk, tools, memory).`;
    const stored = failing
      ? store.run('incident.open', { id: ulid(atMs), channelId, ...fault, severity: 'warning', message, atMs })
      : store.run('incident.resolve', { ...fault, atMs });
    stored.catch((error: unknown) => logger.error({ error: describeError(error) }, 'incident not stored'));
  };
}
