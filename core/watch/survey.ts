import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { DestinationStatus } from '../contract/destination.ts';
import { describeError } from '../contract/errors.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import { DEFAULT_PROFILE } from '../contract/profile.ts';
import type { Logger } from '../platform/logger.ts';
import type { ChannelRow, StudioReader } from '../store/studio-reader.ts';
import type { BroadcasterLink } from './broadcaster-link.ts';
import { checkBroadcaster } from './checks/broadcaster.ts';
import { checkBuffer, checkFallback } from './checks/buffer.ts';
import { checkDestination } from './checks/destination.ts';
import type { Finding } from './finding.ts';
import type { MachineWatch } from './machine-watch.ts';
import type { ReturnWatch } from './return-watch.ts';

export interface SurveyParts {
  readonly channelId: string;
  readonly reader: StudioReader;
  readonly link: Pick<BroadcasterLink, 'status' | 'unchangedMs'>;
  readonly house: (profileId: string) => Promise<HouseManifest | null>;
  readonly machine: Pick<MachineWatch, 'look'>;
  readonly back: Pick<ReturnWatch, 'look'>;
  readonly logger: Logger;
}

/** One look at everything there is to watch. */
export class Survey {
  readonly #parts: SurveyParts;
  #destinations = new Map<string, DestinationStatus>();
  #channel: ChannelRow | null = null;
  #libraryMs = 0;
  #status: BroadcasterStatus | null = null;

  constructor(parts: SurveyParts) {
    this.#parts = parts;
  }

  /** Of the last look; null when the broadcaster did not answer or the channel is off air. */
  get status(): BroadcasterStatus | null {
    return this.#status;
  }

  /** Of the channel's present house format. */
  get fps(): number {
    return this.#channel?.profile.fps ?? DEFAULT_PROFILE.fps;
  }

  async look(): Promise<Finding[]> {
    const { link, machine, back } = this.#parts;
    this.#readStore();
    const channel = this.#channel;
    const onAirWanted = channel?.onAirWanted ?? false;
    const manifest = channel && (await this.#parts.house(channel.profileId));
    let error: string | null = null;
    this.#status = null;
    if (onAirWanted && manifest)
      this.#status = await link.status().catch((cause: unknown) => {
        error = describeError(cause);
        return null;
      });
    const status = this.#status;
    const sight = { onAirWanted, houseReady: manifest !== null, error, unchangedMs: link.unchangedMs };
    return [
      {
        id: 'broadcaster',
        verdict: checkBroadcaster(sight),
        incident: { code: 'broadcaster_mute', subject: 'broadcaster', severity: 'critical' },
        ladder: [{ action: 'restart_broadcaster' }],
      },
      ...this.#lookAtDestinations(status?.destinations ?? []),
      ...this.#lookAtBuffer(status, manifest),
      ...(await back.look(status, this.fps)),
      ...(await machine.look(manifest)),
    ];
  }

  /** When the database cannot be read, what was read last still holds; the database check tells about it. */
  #readStore(): void {
    const { channelId, reader, logger } = this.#parts;
    try {
      this.#channel = reader.channel(channelId);
      this.#libraryMs = reader.readyAssetSummaries(channelId).reduce((sum, { durationMs }) => sum + durationMs, 0);
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'the database could not be read');
    }
  }

  #lookAtDestinations(destinations: readonly DestinationStatus[]): Finding[] {
    const before = this.#destinations;
    this.#destinations = new Map(destinations.map((one) => [one.id, one]));
    return destinations.map((one) => ({
      id: `destination:${one.id}`,
      verdict: checkDestination(one, before.get(one.id) ?? null),
      incident: { code: 'destination_down', subject: one.id, severity: 'critical' },
      ladder: [{ action: 'reconnect', destinationId: one.id }],
    }));
  }

  #lookAtBuffer(status: BroadcasterStatus | null, manifest: HouseManifest | null): Finding[] {
    return [
      {
        id: 'buffer',
        verdict: checkBuffer(status?.bufferMs ?? null, this.#libraryMs),
        incident: { code: 'buffer_low', subject: this.#parts.channelId, severity: 'warning' },
        ladder: [{ action: 'wake_planner' }],
      },
      {
        id: 'fallback',
        verdict: checkFallback(status, manifest?.emergency.length ?? 0),
        incident: { code: 'program_frozen', subject: 'slate', severity: 'critical' },
        ladder: [{ action: 'emergency_on', assetId: null }, { action: 'restart_broadcaster' }],
      },
    ];
  }
}
