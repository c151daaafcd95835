import type { PreflightCheck } from '../../contract/control-api.ts';

/** A step of an ingest test did not succeed; the message is the sentence for a person, without secrets. */
export class IngestFailure extends Error {
  override readonly name = 'IngestFailure';
}

export const passed = (name: string, message: string): PreflightCheck => ({ name, verdict: 'ok', message });

/** The code of a system error, also of one that stands for several tries (`AggregateError` of happy eyeballs). */
export function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? systemCode(error.errors[0]) : '';
}
