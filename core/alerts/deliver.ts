import { setTimeout as delay } from 'node:timers/promises';
import type { AlertMessage, AlertTarget } from '../contract/alert.ts';
import { DeliveryError } from './delivery-error.ts';
import { sendOnce } from './transport.ts';

export interface DeliverOptions {
  readonly signal: AbortSignal;
  /** 0 to 1, for the jitter of the pauses. */
  readonly random: () => number;
  /** Longest try, ms. */
  readonly tryMs?: number;
  /** Pauses between the tries, ms; one more try than pauses. */
  readonly pausesMs?: readonly number[];
}

const TRY_MS = 10_000;
const PAUSES_MS = [1_000, 3_000];
/** A receiver that wants a longer pause is asked again later, not waited for. */
const LONGEST_PAUSE_MS = 15_000;

/**
 * Delivers a message: three tries with back-off and jitter, each with its deadline; `Retry-After` is kept. Rejects with
 * the `DeliveryError` of the last try, at once when it is permanent or the signal was aborted.
 */
export async function deliver(target: AlertTarget, message: AlertMessage, options: DeliverOptions): Promise<void> {
  const pauses = options.pausesMs ?? PAUSES_MS;
  for (let done = 0; ; done += 1) {
    const failure = await attempt(target, message, options);
    if (failure === null) return;
    const pause = pauses[done];
    if (pause === undefined || failure.permanent || options.signal.aborted) throw failure;
    const waitMs = Math.max(failure.retryAfterMs ?? 0, pause * (0.5 + options.random()));
    if (waitMs > LONGEST_PAUSE_MS) throw failure;
    await delay(waitMs, undefined, { signal: options.signal }).catch(() => undefined);
    if (options.signal.aborted) throw failure;
  }
}

async function attempt(
  target: AlertTarget,
  message: AlertMessage,
  { signal, tryMs = TRY_MS }: DeliverOptions,
): Promise<DeliveryError | null> {
  try {
    await sendOnce(target, message, AbortSignal.any([signal, AbortSignal.timeout(tryMs)]));
    return null;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
}
