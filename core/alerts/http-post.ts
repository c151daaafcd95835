import { describeError } from '../contract/errors.ts';
import { DeliveryError } from './delivery-error.ts';

export interface HttpPost {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Texts that must not appear in an error. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 4096;
const QUOTED = 200;
const SHORTEST_KEY = 8;
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** Answers after which another try makes sense (RFC 9110 §15.5, RFC 6585 §4). */
const TRANSIENT = new Set([408, 425, 429]);

/**
 * Posts JSON and answers the first 4 KB of what came back. Redirects are not followed: they could carry the secret
 * elsewhere. Throws a {@link DeliveryError} that never holds the address.
 */
export async function httpPost({ url, body, headers, signal, ...post }: HttpPost): Promise<string> {
  const secrets = [...post.secrets, ...addressSecrets(url)];
  let response: Response;
  let answer: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'VoulezVousTV-alerts/1', ...headers },
      redirect: 'manual',
      signal,
    });
    answer = await firstBytes(response);
  } catch (error) {
    if (signal.aborted) throw new DeliveryError('it did not answer in time');
    throw new DeliveryError(masked(describeError(error), secrets), { cause: undefined });
  }
  if (response.ok) return answer;
  const { status } = response;
  const quoted = masked(answer.trim().slice(0, QUOTED), secrets);
  throw new DeliveryError(`it answered HTTP ${status}${quoted ? `: ${quoted}` : ''}`, {
    permanent: status < 500 && !TRANSIENT.has(status),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

async function firstBytes(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < MAX_ANSWER_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
  }
  // What follows is of no interest; the connection is given up with it.
  await reader.cancel();
  return Buffer.concat(chunks).toString('utf8');
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), ms from now; null when there is none or it is absurd. */
function retryAfterMs(header: string | null, nowMs = Date.now()): number | null {
  if (header === null) return null;
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : null;
}

/** The address, its path and what in it could be a key: servers like to quote what they were asked for. */
function addressSecrets(url: string): string[] {
  const { pathname, search } = new URL(url);
  const parts = pathname.split('/').filter((part) => part.length >= SHORTEST_KEY);
  return [url, pathname + search, pathname, ...parts].filter((text) => text.length > 1);
}

/** The text with every secret replaced by `•••`. */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((out, secret) => (secret === '' ? out : out.replaceAll(secret, '•••')), text);
}
