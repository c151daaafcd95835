import type { AlertMessage, AlertTarget } from '../contract/alert.ts';
import { discordTransport } from './discord.ts';
import { emailTransport } from './email.ts';
import { slackTransport } from './slack.ts';
import { telegramTransport } from './telegram.ts';
import type { Transport } from './transport-seam.ts';
import { webhookTransport } from './webhook.ts';

/** The way to a target. */
function transportFor(target: AlertTarget): Transport {
  switch (target.kind) {
    case 'webhook':
      return webhookTransport(target);
    case 'telegram':
      return telegramTransport(target);
    case 'slack':
      return slackTransport(target);
    case 'discord':
      return discordTransport(target);
    case 'email':
      return emailTransport(target);
  }
}

/** One try to deliver a message. Throws a `DeliveryError` without secrets. */
export function sendOnce(target: AlertTarget, message: AlertMessage, signal: AbortSignal): Promise<void> {
  return transportFor(target)(message, signal);
}
