import type { AlertMessage, AlertSettings, AlertState } from '../../contract/alert.ts';
import type { Severity } from '../../contract/incident.ts';
import { absorbEnds, candidates, keyOf, type WatchedIncident } from './alert-candidates.ts';
import { nextMessageAtMs, recentMessages } from './alert-rate.ts';
import { quietUntilMs } from './quiet-hours.ts';

export interface Look {
  readonly nowMs: number;
  /** The open ones, those that ended behind `settledRow`, and those that were told. */
  readonly incidents: readonly WatchedIncident[];
  readonly settings: AlertSettings;
  readonly minSeverity: Severity;
  readonly channelName: string;
  /** Id of the message, should there be one. */
  readonly messageId: string;
}

export interface Decision {
  /** To be stored before anything is sent. */
  readonly state: AlertState;
  readonly message: AlertMessage | null;
  /** When to look again although nothing changed; null: not before something does. */
  readonly wakeAtMs: number | null;
}

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;

/** What an alert channel starts with: it is told what is open, not what was over before. */
export function freshAlertState(settledRow: number): AlertState {
  return {
    ...{ told: {}, cooling: {}, passed: {}, settledRow, sentAtMs: [], outbox: null },
    ...{ failures: 0, retryAtMs: null, lastError: null, lastDeliveredAtMs: null },
  };
}

/**
 * What one alert channel is told now: the difference between what is and what it was told, in one message. Pure; time
 * comes in with the look. Messages are at most ten in any ten minutes; everything that waits goes with the next one.
 */
export function decide(before: AlertState, look: Look): Decision {
  const { nowMs, settings } = look;
  const state = tidy(absorbEnds(before, look.incidents), look);
  if (state.retryAtMs !== null && state.retryAtMs > nowMs) return { state, message: null, wakeAtMs: state.retryAtMs };
  if (state.outbox) return { state, message: state.outbox, wakeAtMs: null };

  const quietEndMs = quietUntilMs(settings.quietHours, nowMs);
  const cooldownMs = settings.cooldownMinutes * 60_000;
  const all = candidates(state, look.incidents, { minSeverity: look.minSeverity, cooldownMs, nowMs }).map((one) => ({
    ...one,
    freeMs: Math.max(one.notBeforeMs, one.urgent || quietEndMs === null ? 0 : quietEndMs),
  }));
  const ready = all.filter((one) => one.freeMs <= nowMs);
  const due = ready.filter((one) => one.dueMs <= nowMs);
  const slotMs = nextMessageAtMs(
    state.sentAtMs,
    nowMs,
    due.some((one) => one.urgent),
  );
  if (due.length > 0 && slotMs <= nowMs) {
    const items = ready.map((one) => one.item);
    const message = { id: look.messageId, channelName: look.channelName, atMs: nowMs, items };
    return { state: { ...state, outbox: message }, message, wakeAtMs: null };
  }
  const later = all.map((one) => Math.max(one.freeMs, one.dueMs)).filter((atMs) => atMs > nowMs);
  const wakeAtMs = Math.min(...later, due.length > 0 ? slotMs : Number.POSITIVE_INFINITY);
  return { state, message: null, wakeAtMs: Number.isFinite(wakeAtMs) ? wakeAtMs : null };
}

/** The message of the outbox has arrived. */
export function delivered(state: AlertState, nowMs: number): AlertState {
  const told = { ...state.told };
  const cooling = { ...state.cooling };
  const passed = { ...state.passed };
  for (const item of state.outbox?.items ?? []) {
    const key = `${item.code} ${item.subject}`;
    delete passed[key];
    if (item.change === 'opened' || item.change === 'worse')
      told[key] = { incidentId: item.incidentId, severity: item.severity, atMs: nowMs };
    else {
      delete told[key];
      cooling[key] = nowMs;
    }
  }
  return {
    ...state,
    ...{ told, cooling, passed },
    sentAtMs: [...recentMessages(state.sentAtMs, nowMs), nowMs],
    ...{ outbox: null, failures: 0, retryAtMs: null, lastError: null, lastDeliveredAtMs: nowMs },
  };
}

/**
 * The message of the outbox could not be delivered. What it said is still untold: the next try says what is true then.
 * Back-off from 5 s to 5 min, at once the longest when the failure is permanent; `jitter` is 0 to 1.
 */
export function undelivered(
  state: AlertState,
  failure: { nowMs: number; error: string; permanent: boolean; retryAfterMs: number | null; jitter: number },
): AlertState {
  const { nowMs, error, permanent, retryAfterMs, jitter } = failure;
  const failures = state.failures + 1;
  const backOffMs = permanent ? LAST_RETRY_MS : Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  const waitMs = Math.max(retryAfterMs ?? 0, backOffMs * (0.75 + jitter / 2));
  return { ...state, outbox: null, failures, retryAtMs: nowMs + waitMs, lastError: error };
}

/** Drops what cannot matter any more, and a retry that a clock set back has moved far away. */
function tidy(state: AlertState, { nowMs, settings, incidents }: Look): AlertState {
  const keepMs = Math.max(settings.cooldownMinutes * 60_000, LAST_RETRY_MS);
  const kept = Object.entries(state.cooling).filter(([, at]) => at <= nowMs && at > nowMs - keepMs);
  const stuck = state.retryAtMs !== null && state.retryAtMs - nowMs > 3_600_000;
  const told = { ...state.told };
  let moved = false;
  for (const incident of incidents) {
    const known = told[keyOf(incident)];
    if (!known || incident.resolvedAtMs !== null || known.incidentId === incident.id) continue;
    // It came back before its end was told: for people it never ended.
    told[keyOf(incident)] = { ...known, incidentId: incident.id };
    moved = true;
  }
  if (!stuck && !moved && kept.length === Object.keys(state.cooling).length) return state;
  return { ...state, told, cooling: Object.fromEntries(kept), retryAtMs: stuck ? null : state.retryAtMs };
}
