import { ORPCError } from '@orpc/server';
import { describeError, ERRORS, StudioError } from '../../contract/errors.ts';
import type { Logger } from '../../platform/logger.ts';

/**
 * Any error as it goes to a client: code and status of the table, the sentence, and what to do. What is no `StudioError`
 * is a defect: it is logged whole and told as `INTERNAL` without its inside.
 */
export function toApiError(error: unknown, log: Logger): ORPCError<string, { action: string }> {
  if (error instanceof StudioError) {
    const { httpStatus, action } = ERRORS[error.code];
    return new ORPCError(error.code, { status: httpStatus, message: error.message, data: { action } });
  }
  if (error instanceof ORPCError && error.status < 500) {
    const { httpStatus, action } = ERRORS.BAD_ARGUMENT;
    const notFound = error.code === 'NOT_FOUND';
    return new ORPCError(notFound ? 'NOT_FOUND' : 'BAD_ARGUMENT', {
      status: notFound ? ERRORS.NOT_FOUND.httpStatus : httpStatus,
      message: `${error.message}${issues(error.data)}`,
      data: { action },
    });
  }
  log.error({ error: describeError(error), stack: error instanceof Error ? error.stack : null }, 'control API failed');
  return new ORPCError('INTERNAL', {
    status: ERRORS.INTERNAL.httpStatus,
    message: 'the host failed inside; the log has the details',
    data: { action: ERRORS.INTERNAL.action },
  });
}

/** What zod found, as `: field: sentence; …`. */
function issues(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return '';
  const sentences = data.issues.map((issue: unknown) => {
    if (typeof issue !== 'object' || issue === null || !('message' in issue)) return 'invalid';
    const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.join('.') : '';
    return path ? `${path}: ${String(issue.message)}` : String(issue.message);
  });
  return sentences.length > 0 ? `: ${sentences.join('; ')}` : '';
}
