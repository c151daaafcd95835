import { alertText } from './alert-text.ts';
import { DeliveryError } from './delivery-error.ts';
import { httpPost } from './http-post.ts';
import type { TargetOf, Transport } from './transport-seam.ts';

/** Slack cuts longer texts off at 40,000; this stays readable. */
const TEXT_LIMIT = 8000;

/** Slack incoming webhook; it answers `ok`. The three characters of its markup are escaped, so nothing can mention a person. */
export function slackTransport({ url }: TargetOf<'slack'>): Transport {
  return async (message, signal) => {
    const text = alertText(message, TEXT_LIMIT)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;');
    const answer = await httpPost({ url, body: JSON.stringify({ text, unfurl_links: false }), secrets: [], signal });
    if (answer.trim() !== 'ok') throw new DeliveryError('it answered something that is not Slack’s “ok”');
  };
}
