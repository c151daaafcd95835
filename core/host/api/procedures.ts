import { implement } from '@orpc/server';
import { controlContract } from '../../contract/control-api.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Studio } from '../studio.ts';
import { toApiError } from './api-error.ts';

export interface ApiContext {
  readonly studio: Studio;
  readonly log: Logger;
}

/** The contract, ready for handlers; every error leaves as one of the table. */
export const procedures = implement(controlContract)
  .$context<ApiContext>()
  .use(async ({ context, next }) => {
    try {
      return await next();
    } catch (error) {
      throw toApiError(error, context.log);
    }
  });

export const DONE = { ok: true } as const;
