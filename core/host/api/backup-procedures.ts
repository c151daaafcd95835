import { StudioError } from '../../contract/errors.ts';
import { procedures } from './procedures.ts';

const os = procedures.backups;

export const backupProcedures = {
  list: os.list.handler(({ context }) => context.studio.backups.list()),
  create: os.create.handler(({ context }) => context.studio.backups.create('manual')),
  verify: os.verify.handler(({ context, input }) => context.studio.backups.verify(input.name)),
  restore: os.restore.handler(({ context, input }) => {
    if (!input.force && !input.dryRun)
      throw new StudioError('CONFIRMATION_NEEDED', `restoring "${input.name}" replaces the database of the studio`);
    return context.studio.backups.restore(input.name, input.dryRun);
  }),
};
