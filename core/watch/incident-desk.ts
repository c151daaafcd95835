import { ulid } from 'ulid';
import { describeError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Finding } from './finding.ts';

/** Opens and closes the watchdog's incidents. Nothing waits for the store: the watchdog goes on when the host is busy. */
export class IncidentDesk {
  readonly #parts: { channelId: string; store: StoreClient; clock: Clock; logger: Logger };

  constructor(parts: { channelId: string; store: StoreClient; clock: Clock; logger: Logger }) {
    this.#parts = parts;
  }

  open({ incident }: Finding, message: string, severity: 'info' | 'warning' | 'critical' = incident.severity): void {
    const { channelId, store, clock, logger } = this.#parts;
    const { code, subject } = incident;
    const atMs = clock.wallMs();
    logger.warn({ code, subject, severity }, message);
    store
      .run('incident.open', { id: ulid(atMs), channelId, code, subject, severity, message, atMs })
      .catch((error: unknown) => logger.warn({ code, error: describeError(error) }, 'incident not stored'));
  }

  resolve({ code, subject }: Pick<Finding['incident'], 'code' | 'subject'>): void {
    const { store, clock, logger } = this.#parts;
    logger.info({ code, subject }, 'over');
    store
      .run('incident.resolve', { code, subject, atMs: clock.wallMs() })
      .catch((error: unknown) => logger.warn({ code, error: describeError(error) }, 'incident not closed'));
  }
}
