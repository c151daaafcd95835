import { z } from 'zod';

/**
 * The one error table. Every error that a person may see has a code here, with the sentence that says what to do.
 * `exitCode` is what `vvtvctl` returns; `httpStatus` what the loopback HTTP server answers.
 */
export const ERRORS = {
  BAD_ARGUMENT: { httpStatus: 400, exitCode: 2, action: 'Check the value named in the message and try again.' },
  NOT_AUTHORISED: {
    httpStatus: 401,
    exitCode: 4,
    action: 'Open the control room with the link that `vvtvctl open` prints.',
  },
  FORBIDDEN_ORIGIN: { httpStatus: 403, exitCode: 4, action: 'Open the control room from its own address.' },
  NOT_FOUND: { httpStatus: 404, exitCode: 3, action: 'List what exists and use one of those names.' },
  CONFLICT: { httpStatus: 409, exitCode: 5, action: 'Somebody else changed this meanwhile: look again and repeat.' },
  LOCKED: {
    httpStatus: 423,
    exitCode: 5,
    action: 'It is about to air and cannot be changed any more: use skip or take.',
  },
  CONFIRMATION_NEEDED: { httpStatus: 428, exitCode: 6, action: 'Repeat with --force if you mean it.' },
  HOST_RUNNING: {
    httpStatus: 409,
    exitCode: 7,
    action: 'Use the running one, stop it with `vvtvctl off-air`, or choose another folder with --data.',
  },
  HOST_NOT_RUNNING: { httpStatus: 503, exitCode: 8, action: 'Start it with `vvtvctl run`.' },
  OFF_AIR: { httpStatus: 409, exitCode: 9, action: 'Go on air first: `vvtvctl on-air`.' },
  BROADCASTER_UNREACHABLE: {
    httpStatus: 503,
    exitCode: 8,
    action: 'Wait a few seconds: the host restarts the broadcaster by itself.',
  },
  TOOL_MISSING: { httpStatus: 500, exitCode: 10, action: 'Install ffmpeg or set its path in the settings.' },
  TOOL_FAILED: {
    httpStatus: 500,
    exitCode: 10,
    action: 'Read the quoted tool output; run the logged command by hand to see more.',
  },
  DEADLINE: {
    httpStatus: 504,
    exitCode: 11,
    action: 'Try again; if it repeats, the source or the machine is too slow.',
  },
  ABORTED: { httpStatus: 499, exitCode: 11, action: 'Start it again when you want it.' },
  MEDIA_UNREADABLE: { httpStatus: 422, exitCode: 12, action: 'Replace the file: it cannot be read as video or sound.' },
  MEDIA_REJECTED: {
    httpStatus: 422,
    exitCode: 12,
    action: 'Read the gate, the value and the limit; change the gate or replace the file.',
  },
  HOUSE_MISMATCH: {
    httpStatus: 500,
    exitCode: 12,
    action: 'Prepare the asset again: it is not in the house format of this channel.',
  },
  ASSET_DAMAGED: {
    httpStatus: 500,
    exitCode: 12,
    action: 'Prepare the asset again: its bytes are not those that were certified.',
  },
  DISK_FULL: {
    httpStatus: 507,
    exitCode: 13,
    action: 'Free space on the volume named; preparing goes on by itself afterwards.',
  },
  DATABASE_NEWER: {
    httpStatus: 500,
    exitCode: 14,
    action: 'Start the newer version of the app, or restore a backup made by this one.',
  },
  DATABASE_BROKEN: {
    httpStatus: 500,
    exitCode: 14,
    action: 'Restore the newest good backup; the channel stays on air meanwhile.',
  },
  INTERNAL: { httpStatus: 500, exitCode: 1, action: 'Report it with the log: this is a defect of the program.' },
} as const satisfies Record<string, { httpStatus: number; exitCode: number; action: string }>;

export type ErrorCode = keyof typeof ERRORS;

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);
export const errorCodeSchema = z.custom<ErrorCode>(isErrorCode);

/** An error meant for a person: what failed, with which input, and why; the table adds what to do. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  /** Facts for logs and for the page (paths, values, limits); never secrets. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: { detail?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'StudioError';
    this.code = code;
    this.detail = options.detail ?? {};
  }

  /** What the person can do about it. */
  get action(): string {
    return ERRORS[this.code].action;
  }
}

/** The message of anything thrown, with the messages of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}
