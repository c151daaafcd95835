import type { BroadcasterCommand } from '../contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import { describeError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import { refusal } from './action-limits.ts';
import type { Finding } from './finding.ts';
import type { OwnEmergency, WatchdogMemory } from './watchdog-memory.ts';

export interface EmergencyReturnParts {
  readonly channelId: string;
  readonly intervalMs: number;
  readonly reader: StudioReader;
  readonly store: StoreClient;
  readonly memory: WatchdogMemory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly command: (command: BroadcasterCommand) => Promise<void>;
}

const NEAR_QUEUE = 50;

/**
 * Takes the emergency loop off air again when the watchdog put it there: once the return is sound with it, the fault was
 * in the asset. That asset leaves the queue, as its certificate does not hold, and the next item is taken. An emergency
 * that an operator asked for is none of its business.
 */
export class EmergencyReturn {
  readonly #parts: EmergencyReturnParts;

  constructor(parts: EmergencyReturnParts) {
    this.#parts = parts;
  }

  async afterRound(findings: readonly Finding[], status: BroadcasterStatus | null): Promise<void> {
    const { memory } = this.#parts;
    const own = memory.emergency;
    // A status from before the command says nothing about what it did.
    if (!own || !status || status.atMs <= own.sinceMs) return;
    if (!status.emergency) return memory.setEmergency(null);
    const back = findings.find(({ id }) => id === 'return');
    if (back?.verdict.state !== 'healthy' && back?.verdict.state !== 'off') return;
    await this.#goBack(own);
  }

  async #goBack(own: OwnEmergency): Promise<void> {
    const { memory, clock, intervalMs, logger } = this.#parts;
    const atMs = clock.wallMs();
    const wanted = { watchdog: own.watchdog, action: 'emergency_off', atMs, firstGapMs: intervalMs } as const;
    const why = refusal(memory.acts, wanted);
    if (why !== null) return logger.warn({ refused: why }, 'the emergency loop stays on air');
    const reason = 'The return is sound with the emergency loop on air.';
    const act = { atMs, watchdog: own.watchdog, action: 'emergency_off', reason } as const;
    try {
      if (!(await this.#leave(own.assetId))) return;
      memory.setEmergency(null);
      memory.addAct({ ...act, outcome: 'done' });
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'the emergency loop could not be taken off air');
      memory.addAct({ ...act, outcome: 'failed' });
    }
  }

  /** False when there is nothing else to air yet. */
  async #leave(faultyAssetId: string | null): Promise<boolean> {
    const { channelId, reader, store, command, clock } = this.#parts;
    if (faultyAssetId === null) {
      await command({ name: 'emergency', on: false });
      return true;
    }
    const next = reader
      .queue(channelId, NEAR_QUEUE)
      .find(({ item, asset }) => item.state === 'queued' && asset.id !== faultyAssetId && asset.state === 'ready');
    if (!next) return false;
    await store.run('asset.setState', { assetId: faultyAssetId, state: 'damaged', atMs: clock.wallMs() });
    await command({ name: 'take', queueItemId: next.item.id });
    return true;
  }
}
