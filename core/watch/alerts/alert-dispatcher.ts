import { ulid } from 'ulid';
import { DeliveryError } from '../../alerts/delivery-error.ts';
import {
  ALERT_SETTING,
  type AlertChannel,
  type AlertMessage,
  type AlertState,
  alertSettings,
} from '../../contract/alert.ts';
import { describeError } from '../../contract/errors.ts';
import type { StoreClient } from '../../contract/store-commands.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StudioReader } from '../../store/studio-reader.ts';
import { type Decision, decide, delivered, freshAlertState, undelivered } from './alert-policy.ts';

export interface AlertDispatcherOptions {
  readonly channelId: string;
  readonly reader: StudioReader;
  readonly store: StoreClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Delivers with its own tries and deadlines; rejects with a `DeliveryError`. */
  readonly deliver: (channel: AlertChannel, message: AlertMessage, signal: AbortSignal) => Promise<void>;
}

/** So many deliveries fail before people are told so through the other channels. */
const TELL_AFTER_FAILURES = 3;
const LONGEST_SLEEP_MS = 3_600_000;
/** A stop lets a delivery under way finish, so that it is not repeated after the start. */
const STOP_GRACE_MS = 5_000;

/** Tells people of incidents: each alert channel by itself, so that one that hangs holds up no other. */
export class AlertDispatcher {
  readonly #options: AlertDispatcherOptions;
  /** What each alert channel was told, by id; read from the store at first. */
  readonly #states = new Map<string, AlertState>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: AlertDispatcherOptions) {
    this.#options = options;
  }

  /** Looks at the incidents and sends what is due. Call it when incidents, alert channels or settings changed. */
  wake(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    try {
      this.#sleepUntil(this.#look());
    } catch (error) {
      this.#options.logger.error({ error: describeError(error) }, 'alerts could not be looked at');
      this.#sleepUntil(this.#options.clock.wallMs() + 30_000);
    }
  }

  /** Resolves when nothing is being delivered. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const timer = setTimeout(() => this.#abort.abort(), STOP_GRACE_MS);
    await this.idle();
    clearTimeout(timer);
  }

  #sleepUntil(atMs: number | null): void {
    if (atMs === null || this.#stopped) return;
    const waitMs = Math.min(LONGEST_SLEEP_MS, Math.max(1, atMs - this.#options.clock.wallMs()));
    this.#timer = setTimeout(() => this.wake(), waitMs).unref();
  }

  #look(): number | null {
    const { reader, channelId } = this.#options;
    const channels = reader.alertChannels(channelId);
    const known = new Set(channels.map(({ alertChannel }) => alertChannel.id));
    for (const id of this.#states.keys()) {
      if (known.has(id)) continue;
      this.#states.delete(id);
      this.#reportDelivery(id, null);
    }
    let wakeAtMs: number | null = null;
    for (const { alertChannel, state } of channels) {
      if (this.#busy.has(alertChannel.id)) continue;
      const before = this.#states.get(alertChannel.id) ?? state ?? freshAlertState(reader.lastResolvedRow());
      const decision = this.#decide(alertChannel, before);
      this.#states.set(alertChannel.id, decision.state);
      if (decision.state !== before || state === null) this.#save(alertChannel.id, decision.state);
      if (decision.message) this.#send(alertChannel, decision.message);
      else if (decision.wakeAtMs !== null) wakeAtMs = Math.min(wakeAtMs ?? decision.wakeAtMs, decision.wakeAtMs);
    }
    return wakeAtMs;
  }

  #decide({ minSeverity }: AlertChannel, before: AlertState): Decision {
    const { reader, channelId, clock } = this.#options;
    const told = Object.values(before.told).map((one) => one.incidentId);
    const nowMs = clock.wallMs();
    return decide(before, {
      ...{ nowMs, minSeverity, messageId: ulid(nowMs) },
      incidents: reader.incidentsToTell(channelId, before.settledRow, told),
      settings: alertSettings(reader.setting(ALERT_SETTING)),
      channelName: reader.channel(channelId)?.name ?? 'VoulezVous TV',
    });
  }

  #send(channel: AlertChannel, message: AlertMessage): void {
    const work = this.#deliver(channel, message).finally(() => {
      this.#busy.delete(channel.id);
      this.wake();
    });
    this.#busy.set(channel.id, work);
  }

  async #deliver(channel: AlertChannel, message: AlertMessage): Promise<void> {
    const { clock, deliver, logger, random } = this.#options;
    const { id, name } = channel;
    const about = { alertChannel: name, kind: channel.target.kind, delivery: message.id, items: message.items.length };
    // What is about to be sent is stored first: after a crash the same message, with the same id, is sent again.
    await this.#saving;
    const state = this.#states.get(id);
    if (!state) return;
    try {
      await deliver(channel, message, this.#abort.signal);
      logger.info(about, 'alert delivered');
      this.#put(id, delivered(state, clock.wallMs()));
      this.#noteTold(channel, message);
      this.#reportDelivery(id, null);
    } catch (error) {
      // Stopped in the middle: it stays in the outbox.
      if (this.#abort.signal.aborted) return;
      const { permanent, retryAfterMs } =
        error instanceof DeliveryError ? error : { permanent: false, retryAfterMs: null };
      const reason = describeError(error);
      const failed = undelivered(state, {
        ...{ nowMs: clock.wallMs(), error: reason, permanent, retryAfterMs, jitter: random() },
      });
      logger.warn({ ...about, failures: failed.failures, error: reason }, 'alert not delivered');
      this.#put(id, failed);
      if (failed.failures >= TELL_AFTER_FAILURES)
        this.#reportDelivery(id, `Alerts do not reach “${name}” (${failed.failures} tries): ${reason}`);
    }
  }

  #put(id: string, state: AlertState): void {
    if (!this.#states.has(id)) return;
    this.#states.set(id, state);
    this.#save(id, state);
  }

  #save(id: string, state: AlertState): void {
    const { store, logger } = this.#options;
    this.#saving = store.run('alert.saveState', { id, state }).then(
      () => undefined,
      (error: unknown) => logger.error({ error: describeError(error) }, 'what was told could not be stored'),
    );
  }

  /** The history of each incident says who was told of it. */
  #noteTold({ id, name }: AlertChannel, { id: delivery, items }: AlertMessage): void {
    const { store, channelId, clock, logger } = this.#options;
    for (const [index, { code, subject, change }] of items.entries()) {
      if (change === 'resolved' || change === 'passed') continue;
      store
        .run('incident.action', {
          ...{ id: `told:${id}:${delivery}:${index}`, channelId, code, subject, atMs: clock.wallMs() },
          message: `“${name}” was told.`,
        })
        .catch((error: unknown) => logger.warn({ error: describeError(error) }, 'who was told could not be noted'));
    }
  }

  /** Opens or ends the incident that says that an alert channel does not work. */
  #reportDelivery(id: string, trouble: string | null): void {
    const { store, reader, channelId, clock, logger } = this.#options;
    const fault = { code: 'alert_undeliverable' as const, subject: id };
    const isOpen = reader.openIncidents(channelId).some((one) => one.code === fault.code && one.subject === id);
    const atMs = clock.wallMs();
    if (trouble === null && !isOpen) return;
    const stored =
      trouble === null
        ? store.run('incident.resolve', { ...fault, atMs })
        : store.run('incident.open', {
            id: ulid(atMs),
            channelId,
            ...fault,
            severity: 'warning',
            message: trouble,
            atMs,
          });
    stored.catch((error: unknown) => logger.error({ error: describeError(error) }, 'incident not stored'));
  }
}
