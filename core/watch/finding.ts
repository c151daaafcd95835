import type { IncidentCode } from '../contract/incident.ts';
import type { Verdict } from './verdict.ts';

/** A measure against a fault, in the words of the broadcaster and the host. */
export type Measure =
  | { readonly action: 'wake_planner' }
  | { readonly action: 'reconnect'; readonly destinationId: string }
  /** `assetId`: the asset that is left, when the fault is in it. */
  | { readonly action: 'emergency_on'; readonly assetId: string | null }
  | { readonly action: 'restart_broadcaster' };

/** One watchdog's look at the channel in one round. */
export interface Finding {
  /** Stable name of the watchdog, e.g. `program_frozen` or `destination:<id>`. */
  readonly id: string;
  readonly verdict: Verdict;
  readonly incident: {
    readonly code: IncidentCode;
    readonly subject: string;
    readonly severity: 'warning' | 'critical';
  };
  /** What can be done, the least risky first. Empty: a person is told, nothing else. */
  readonly ladder: readonly Measure[];
}
