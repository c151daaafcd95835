import type { AlertMessage, AlertTarget, AlertTargetKind } from '../contract/alert.ts';

/**
 * Carries one message to one place, in one try. Resolves when the receiver said that it has it; rejects with a
 * `DeliveryError`, also when `signal` ends the try.
 */
export type Transport = (message: AlertMessage, signal: AbortSignal) => Promise<void>;

export type TargetOf<K extends AlertTargetKind> = Extract<AlertTarget, { kind: K }>;
