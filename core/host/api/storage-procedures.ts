import { StudioError } from '../../contract/errors.ts';
import { procedures } from './procedures.ts';

const os = procedures.storage;

export const storageProcedures = {
  report: os.report.handler(({ context }) => context.studio.storage.report()),
  clean: os.clean.handler(({ context, input }) => {
    if (!input.force && !input.dryRun)
      throw new StudioError('CONFIRMATION_NEEDED', 'cleaning removes files for good; a dry run says which');
    return context.studio.storage.clean(input.dryRun);
  }),
};
