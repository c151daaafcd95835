import { alertProcedures } from './alert-procedures.ts';
import { backupProcedures } from './backup-procedures.ts';
import { channelProcedures } from './channel-procedures.ts';
import { destinationProcedures } from './destination-procedures.ts';
import { incidentProcedures } from './incident-procedures.ts';
import { assetProcedures, libraryProcedures, planProcedures } from './library-procedures.ts';
import { procedures } from './procedures.ts';
import { programProcedures } from './program-procedures.ts';
import { queueProcedures } from './queue-procedures.ts';
import { storageProcedures } from './storage-procedures.ts';

/** The whole control API over a {@link Studio}. */
export const controlRouter = procedures.router({
  channel: channelProcedures,
  program: programProcedures,
  queue: queueProcedures,
  plans: planProcedures,
  assets: assetProcedures,
  library: libraryProcedures,
  destinations: destinationProcedures,
  backups: backupProcedures,
  incidents: incidentProcedures,
  alerts: alertProcedures,
  storage: storageProcedures,
  session: {
    createLink: procedures.session.createLink.handler(({ context }) => context.studio.createLink()),
  },
  health: {
    preflight: procedures.health.preflight.handler(({ context }) => context.studio.preflight()),
    watchdog: procedures.health.watchdog.handler(({ context }) => context.studio.watchdog()),
    processes: procedures.health.processes.handler(({ context }) => context.studio.processes()),
  },
});
