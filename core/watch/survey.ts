import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { DestinationStatus } from '../contract/destination.ts';
import { describeError } from '../contract/errors.ts';
import type { HouseManifest } from '../contract/house-piece.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import type { BroadcasterLink } from './broadcaster-link.ts';
import { checkBroadcaster } from './checks/broadcaster.ts';
import { checkDestination } from './checks/destination.ts';
import type { Finding } from './finding.ts';

export interface SurveyParts {
  readonly channelId: string;
  readonly reader: StudioReader;
  readonly link: BroadcasterLink;
  readonly house: (profileId: string) => Promise<HouseManifest | null>;
}

/** One look at everything there is to watch. */
export class Survey {
  readonly #parts: SurveyParts;
  #destinations = new Map<string, DestinationStatus>();

  constructor(parts: SurveyParts) {
    this.#parts = parts;
  }

  async look(): Promise<Finding[]> {
    const { channelId, reader, link } = this.#parts;
    const channel = reader.channel(channelId);
    const onAirWanted = channel?.onAirWanted ?? false;
    const houseReady = channel !== null && (await this.#parts.house(channel.profileId)) !== null;
    let status: BroadcasterStatus | null = null;
    let error: string | null = null;
    if (onAirWanted && houseReady)
      status = await link.status().catch((cause: unknown) => {
        error = describeError(cause);
        return null;
      });
    const sight = { onAirWanted, houseReady, error, unchangedMs: link.unchangedMs };
    return [
      {
        id: 'broadcaster',
        verdict: checkBroadcaster(sight),
        incident: { code: 'broadcaster_mute', subject: 'broadcaster', severity: 'critical' },
        ladder: [{ action: 'restart_broadcaster' }],
      },
      ...this.#lookAtDestinations(status?.destinations ?? []),
    ];
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
}
