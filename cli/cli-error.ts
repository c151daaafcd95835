import { describeError, ERRORS, type ErrorCode, StudioError } from '../core/contract/errors.ts';

export interface CliFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly action: string;
  readonly exitCode: number;
}

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** Any error as the command line tells it: code of the table, sentence, what to do, exit code. */
export function cliFailure(error: unknown): CliFailure {
  const coded = error instanceof Error && 'code' in error ? error.code : null;
  const code = isErrorCode(coded) ? coded : 'INTERNAL';
  // A StudioError's cause is for the log; what is unknown is told whole.
  const message = error instanceof StudioError || isErrorCode(coded) ? messageOf(error) : describeError(error);
  const { action, exitCode } = ERRORS[code];
  return { code, message, action, exitCode };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The failure as text, or as one JSON document, for stderr. */
export function formatFailure({ code, message, action }: CliFailure, json: boolean): string {
  return json ? JSON.stringify({ error: { code, message, action } }) : `${message}.\n${action}`;
}
