import { z } from 'zod';
import { alertText } from './alert-text.ts';
import { DeliveryError } from './delivery-error.ts';
import { httpPost } from './http-post.ts';
import type { TargetOf, Transport } from './transport-seam.ts';

/** Longest text of `sendMessage` (Bot API), in UTF-16 units after entities; plain text has none. */
const TEXT_LIMIT = 4096;

const answerSchema = z.object({
  ok: z.boolean(),
  parameters: z.object({ retry_after: z.number() }).partial().optional(),
});

/** Telegram Bot API `sendMessage`, as plain text so that nothing in a message can break its markup. */
export function telegramTransport({ botToken, chatId, apiUrl }: TargetOf<'telegram'>): Transport {
  return async (message, signal) => {
    const body = JSON.stringify({
      chat_id: chatId,
      text: alertText(message, TEXT_LIMIT),
      link_preview_options: { is_disabled: true },
    });
    const url = `${apiUrl.replace(/\/$/, '')}/bot${botToken}/sendMessage`;
    const answer = await httpPost({ url, body, secrets: [botToken], signal });
    if (!isAccepted(answer)) throw new DeliveryError('it answered something that is not Telegram’s “ok”');
  };
}

function isAccepted(answer: string): boolean {
  try {
    return answerSchema.parse(JSON.parse(answer)).ok;
  } catch {
    // A long answer is cut off at 4 KB and is no whole JSON then; how it begins decides.
    return /^\s*\{\s*"ok"\s*:\s*true\s*,/.test(answer);
  }
}
