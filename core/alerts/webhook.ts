import { createHmac } from 'node:crypto';
import { alertText, alertTitle } from './alert-text.ts';
import { httpPost } from './http-post.ts';
import type { TargetOf, Transport } from './transport-seam.ts';

const TEXT_LIMIT = 10_000;

/**
 * Generic webhook: `POST` of `{id, channelName, atMs, title, text, items}`. `x-vvtv-delivery` is the id of the message and
 * stays the same when it is sent again. `x-vvtv-signature: t=<Unix seconds>,v1=<hex>` signs it: HMAC-SHA256 with the secret
 * over `<t>.<body>`; a receiver compares in constant time and refuses a `t` more than five minutes away.
 */
export function webhookTransport({ url, secret }: TargetOf<'webhook'>): Transport {
  return async (message, signal) => {
    const body = JSON.stringify({ ...message, title: alertTitle(message), text: alertText(message, TEXT_LIMIT) });
    const seconds = Math.floor(Date.now() / 1000);
    const headers = {
      'x-vvtv-delivery': message.id,
      'x-vvtv-signature': `t=${seconds},v1=${webhookSignature(secret, seconds, body)}`,
    };
    await httpPost({ url, body, headers, secrets: [secret], signal });
  };
}

/** Hex HMAC-SHA256 (RFC 2104) over `<seconds>.<body>`. */
function webhookSignature(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}
