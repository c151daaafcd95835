import type { AlertItem, AlertState } from '../../contract/alert.ts';
import type { IncidentRecord, Severity } from '../../contract/incident.ts';

/** An incident as the policy sees it: with the row of its end, null while it is open. */
export interface WatchedIncident extends IncidentRecord {
  readonly resolvedRow: number | null;
}

/** Something people should hear of. */
export interface Candidate {
  readonly key: string;
  readonly item: AlertItem;
  /** Not told earlier: the cooldown, or the time in which an end may turn out to be none. */
  readonly notBeforeMs: number;
  /** Worth a message from then on; until then it waits for company. */
  readonly dueMs: number;
  /** Told during quiet hours, and with the messages kept free for it. */
  readonly urgent: boolean;
}

export const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

const GATHER_MS: Readonly<Record<Severity, number>> = { info: 60_000, warning: 30_000, critical: 2_000 };
/** An end is told once it has lasted so long. */
const HOLD_MS = 20_000;
const LONGEST_CRITICAL_COOLDOWN_MS = 300_000;

export const keyOf = ({ code, subject }: Pick<IncidentRecord, 'code' | 'subject'>): string => `${code} ${subject}`;

/** Takes note of ends that came since the last look: critical ones that nobody was told of are kept for the next message. */
export function absorbEnds(state: AlertState, incidents: readonly WatchedIncident[]): AlertState {
  const passed = { ...state.passed };
  let { settledRow } = state;
  for (const incident of incidents) {
    const { resolvedRow } = incident;
    if (resolvedRow === null || resolvedRow <= state.settledRow) continue;
    settledRow = Math.max(settledRow, resolvedRow);
    const key = keyOf(incident);
    if (incident.severity === 'critical' && state.told[key]?.severity !== 'critical')
      passed[key] = itemOf('passed', incident);
  }
  return settledRow === state.settledRow ? state : { ...state, passed, settledRow };
}

/** Everything that differs between what is and what people were told. */
export function candidates(
  state: AlertState,
  incidents: readonly WatchedIncident[],
  rules: { minSeverity: Severity; cooldownMs: number; nowMs: number },
): Candidate[] {
  const { minSeverity, cooldownMs, nowMs } = rules;
  const open = new Map(incidents.filter((one) => one.resolvedAtMs === null).map((one) => [keyOf(one), one]));
  const ended = new Map(incidents.filter((one) => one.resolvedAtMs !== null).map((one) => [keyOf(one), one]));
  const found: Candidate[] = [];
  const cooled = (key: string, severity: Severity): number => {
    const over = state.cooling[key];
    // A time ahead of the clock is from before it was set back.
    if (over === undefined || over > nowMs) return nowMs;
    return over + (severity === 'critical' ? Math.min(cooldownMs, LONGEST_CRITICAL_COOLDOWN_MS) : cooldownMs);
  };
  for (const [key, incident] of open) {
    const told = state.told[key];
    const { severity, openedAtMs } = incident;
    if (RANK[severity] < RANK[minSeverity]) continue;
    if (told && RANK[severity] <= RANK[told.severity]) continue;
    // First the critical one that is over, then the milder one that is there now.
    if (state.passed[key] && severity !== 'critical') continue;
    const dueMs = Math.min(openedAtMs, nowMs) + (told ? 0 : GATHER_MS[severity]);
    const notBeforeMs = told ? nowMs : cooled(key, severity);
    const item = itemOf(told ? 'worse' : 'opened', incident);
    found.push({ key, item, notBeforeMs, dueMs, urgent: severity === 'critical' });
  }
  for (const [key, told] of Object.entries(state.told)) {
    // People were told of something milder, and meanwhile it has been critical: that is the news.
    if (open.has(key) || state.passed[key]) continue;
    const last = ended.get(key);
    if (!last) continue;
    const overMs = Math.min(last.resolvedAtMs ?? nowMs, nowMs);
    const item = { ...itemOf('resolved', last), severity: told.severity };
    const notBeforeMs = overMs + HOLD_MS;
    found.push({
      ...{ key, item, notBeforeMs },
      dueMs: notBeforeMs + GATHER_MS[told.severity],
      urgent: told.severity === 'critical',
    });
  }
  const named = new Set(found.map((one) => one.key));
  for (const [key, item] of Object.entries(state.passed)) {
    if (named.has(key)) continue;
    found.push({ key, item, notBeforeMs: cooled(key, 'critical'), dueMs: nowMs, urgent: true });
  }
  return found.sort(worstFirst);
}

function worstFirst(a: Candidate, b: Candidate): number {
  const going = (one: Candidate): number => (one.item.change === 'resolved' ? 0 : 1);
  return going(b) - going(a) || RANK[b.item.severity] - RANK[a.item.severity] || a.item.openedAtMs - b.item.openedAtMs;
}

function itemOf(change: AlertItem['change'], incident: WatchedIncident): AlertItem {
  const { id: incidentId, code, subject, severity, message, openedAtMs, resolvedAtMs } = incident;
  return { change, incidentId, code, subject, severity, message, openedAtMs, resolvedAtMs };
}
