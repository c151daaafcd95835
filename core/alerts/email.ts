import { describeError } from '../contract/errors.ts';
import { alertText, alertTitle } from './alert-text.ts';
import { DeliveryError } from './delivery-error.ts';
import { masked } from './http-post.ts';
import type { TargetOf, Transport } from './transport-seam.ts';

const TEXT_LIMIT = 50_000;
const SILENCE_MS = 10_000;

/**
 * E-mail over SMTP. The message id is made of the delivery's, so that a receiver can drop a repeated one. A certificate
 * that does not fit is refused; `starttls` never falls back to plain text.
 */
export function emailTransport(target: TargetOf<'email'>): Transport {
  const { host, port, tls, user, password, from, to } = target;
  return async (message, signal) => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      connectionTimeout: SILENCE_MS,
      greetingTimeout: SILENCE_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    });
    try {
      await untilAborted(
        signal,
        transport.sendMail({
          from,
          to,
          subject: alertTitle(message),
          text: alertText(message, TEXT_LIMIT),
          messageId: `<${message.id}@alerts.vvtv>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        }),
      );
    } catch (error) {
      if (signal.aborted) throw new DeliveryError('it did not answer in time');
      throw new DeliveryError(masked(describeError(error), password ? [password, base64(password)] : []), {
        permanent: isFinal(error),
      });
    } finally {
      transport.close();
    }
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A 5yz reply is final (RFC 5321 §4.2.1). */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error)) return false;
  return typeof error.responseCode === 'number' && error.responseCode >= 500;
}

/** What was begun may go on unheard after the abort; its failure is then of no interest. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
