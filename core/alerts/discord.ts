import { z } from 'zod';
import { alertText } from './alert-text.ts';
import { DeliveryError } from './delivery-error.ts';
import { httpPost } from './http-post.ts';
import type { TargetOf, Transport } from './transport-seam.ts';

/** Longest `content` of an execute-webhook request. */
const TEXT_LIMIT = 2000;

const messageSchema = z.object({ id: z.string() });

/** Discord webhook, asked to wait so that it answers with the message it stored; nobody is mentioned, whatever a text holds. */
export function discordTransport({ url }: TargetOf<'discord'>): Transport {
  return async (message, signal) => {
    const body = JSON.stringify({ content: alertText(message, TEXT_LIMIT), allowed_mentions: { parse: [] } });
    const address = new URL(url);
    address.searchParams.set('wait', 'true');
    const answer = await httpPost({ url: address.href, body, secrets: [url, address.pathname], signal });
    if (!isMessage(answer)) throw new DeliveryError('it answered something that is no Discord message');
  };
}

function isMessage(answer: string): boolean {
  try {
    return messageSchema.safeParse(JSON.parse(answer)).success;
  } catch {
    // A long answer is cut off at 4 KB and is no whole JSON then.
    return /"id"\s*:\s*"\d+"/.test(answer);
  }
}
