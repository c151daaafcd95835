import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { watchdogActSchema } from '../../contract/watchdog.ts';
import { type IncidentReport, postmortem } from '../postmortem.ts';
import type { Studio } from '../studio.ts';
import { procedures } from './procedures.ts';

const os = procedures.incidents;
/** What aired and was done so long before and after belongs to the report. */
const AROUND_MS = 5 * 60_000;
const AS_RUN_ROWS = 200;

const watchdogMemorySchema = z.object({ acts: z.array(watchdogActSchema) });

/** Everything that is known about an incident. Throws `NOT_FOUND`. */
function report({ reader, channelId, clock }: Studio, id: string): IncidentReport {
  const incident = reader.incident(id);
  if (!incident) throw new StudioError('NOT_FOUND', `there is no incident ${id}`);
  const fromMs = incident.openedAtMs - AROUND_MS;
  const toMs = (incident.resolvedAtMs ?? clock.wallMs()) + AROUND_MS;
  const memory = watchdogMemorySchema.safeParse(reader.setting('watchdog_memory'));
  const acts = memory.data?.acts ?? [];
  return {
    incident,
    events: reader.incidentEvents(id),
    asRun: reader.asRunBetween(channelId, fromMs, toMs, AS_RUN_ROWS),
    acts: acts.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  };
}

export const incidentProcedures = {
  list: os.list.handler(({ context: { studio }, input }) =>
    input.open
      ? studio.reader.openIncidents(studio.channelId).slice(0, input.limit)
      : studio.reader.incidents(studio.channelId, input.limit),
  ),
  get: os.get.handler(({ context: { studio }, input }) => {
    const found = report(studio, input.id);
    return { ...found, markdown: postmortem(found, studio.clock.wallMs()) };
  }),
};
