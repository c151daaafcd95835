/** Why a delivery failed, in a sentence without secrets. */
export class DeliveryError extends Error {
  /** True when the same message to the same address would fail again: a wrong address, a revoked token. */
  readonly permanent: boolean;
  /** When the receiver wants to be asked again, ms from now; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: { permanent?: boolean; retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'DeliveryError';
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
