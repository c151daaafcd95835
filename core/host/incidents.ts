import { ulid } from 'ulid';
import { describeError } from '../contract/errors.ts';
import type { IncidentCode } from '../contract/incident.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';

export interface IncidentSources {
  readonly channelId: string;
  readonly store: StoreClient;
  readonly reader: StudioReader;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Faults of the studio's own processes, told to a person until they are over. */
export class Incidents {
  readonly #sources: IncidentSources;

  constructor(sources: IncidentSources) {
    this.#sources = sources;
  }

  open(code: IncidentCode, subject: string, message: string, severity: 'warning' | 'critical' = 'critical'): void {
    const { store, clock, channelId, log } = this.#sources;
    const atMs = clock.wallMs();
    log[severity === 'critical' ? 'error' : 'warn']({ code, subject }, message);
    store
      .run('incident.open', { id: ulid(atMs), channelId, code, subject, severity, message, atMs })
      .catch((error: unknown) => log.error({ error: describeError(error) }, 'incident not stored'));
  }

  /** Ends it when it is open. */
  resolve(code: IncidentCode, subject: string): void {
    const { store, reader, clock, channelId, log } = this.#sources;
    if (!reader.openIncidents(channelId).some((one) => one.code === code && one.subject === subject)) return;
    store
      .run('incident.resolve', { code, subject, atMs: clock.wallMs() })
      .catch((error: unknown) => log.error({ error: describeError(error) }, 'incident not resolved'));
  }
}
