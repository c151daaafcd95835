import { ERRORS, type ErrorCode } from '../../../core/contract/errors.ts';
import { toast } from '../state/toast-store.ts';
import { strings } from '../strings.ts';
import { studio } from './studio.ts';
import type { StudioClient } from './studio-link.ts';

function isKnownCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

/** The sentence of an error and what to do about it, from the one error table. */
function explain(error: unknown): { text: string; hint?: string } {
  const text = error instanceof Error && error.message ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return isKnownCode(code) ? { text, hint: ERRORS[code].action } : { text };
}

/**
 * Runs one command on the host. A failure is shown to the operator as a sentence with what to do, unless the caller shows
 * it itself (`quiet`); the result says whether it worked, so that callers can roll back.
 */
export async function command<T>(
  run: (client: StudioClient) => Promise<T>,
  { quiet = false } = {},
): Promise<{ ok: true; value: T } | { ok: false; text: string }> {
  const client = studio.client;
  if (!client) {
    if (!quiet) toast({ tone: 'error', text: strings.errors.notConnected });
    return { ok: false, text: strings.errors.notConnected };
  }
  try {
    return { ok: true, value: await run(client) };
  } catch (error) {
    const { text, hint } = explain(error);
    if (!quiet) toast({ tone: 'error', text, ...(hint ? { hint } : {}) });
    return { ok: false, text };
  }
}
