import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { alertChannelSchema, alertChannelViewSchema, alertSettingsChangeSchema, alertSettingsSchema } from './alert.ts';
import { assetSchema } from './asset.ts';
import { backupReportSchema, backupSchema, restoreReportSchema } from './backup.ts';
import { broadcasterStatusSchema } from './broadcaster-status.ts';
import { jobProgressSchema } from './daemon-messages.ts';
import { destinationStatusSchema, destinationUrlSchema } from './destination.ts';
import { incidentEventSchema, incidentRecordSchema } from './incident.ts';
import { planSchema } from './plan.ts';
import { planStateSchema } from './plan-state.ts';
import { houseProfileSchema } from './profile.ts';
import { asRunSchema, timelineItemSchema } from './queue.ts';
import { storageCleanSchema, storageReportSchema } from './storage.ts';
import { watchdogActSchema, watchdogStatusSchema } from './watchdog.ts';

/** What the control room's header and pipeline strip show. `null` means unknown, never zero. */
const channelSchema = z.object({
  id: z.string(),
  name: z.string(),
  profile: houseProfileSchema,
  profileId: z.string(),
  /** `starting`: the host is bringing it up; `unreachable`: it should be on air but the broadcaster does not answer. */
  air: z.enum(['off', 'starting', 'on_air', 'emergency', 'unreachable']),
  libraryFolders: z.array(z.object({ id: z.string(), path: z.string() })),
  /** Where to watch: loopback RTMP of the embedded origin, and the transport stream over HTTP (with its access token). */
  watch: z.object({ rtmpUrl: z.string().nullable(), programUrl: z.string().nullable() }),
  /** When the emergency pieces of this profile were last verified, Unix ms; null while they are being rendered. */
  emergencyVerifiedAtMs: z.number().nullable(),
  dataDir: z.string(),
  version: z.string(),
});
export type Channel = z.infer<typeof channelSchema>;

const pipelineSchema = z.object({
  counts: z.record(planStateSchema, z.number().int()),
  readyMs: z.number(),
  jobs: z.array(jobProgressSchema),
  /** Rejected and failed plans, newest first, at most 50. */
  troubled: z.array(planSchema),
  machine: z.object({
    cpuPercent: z.number().nullable(),
    freeDiskBytes: z.number().nullable(),
    /** Preparing is paused because the volume is full. */
    diskFull: z.boolean(),
  }),
});
export type Pipeline = z.infer<typeof pipelineSchema>;

const incidentSchema = incidentRecordSchema.omit({ resolvedAtMs: true });
export type Incident = z.infer<typeof incidentSchema>;

/** An editorial act with its reason, as the control room lists it. */
const decisionSchema = z.object({
  id: z.string(),
  kind: z.string(),
  reason: z.string(),
  /** Asset it is about, when there is exactly one: the page shows its poster. */
  assetId: z.string().nullable(),
  atMs: z.number(),
});
export type Decision = z.infer<typeof decisionSchema>;

/** One live stream for the page: a snapshot of every part first, then each part again when it changed. */
const liveEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('channel'), channel: channelSchema }),
  z.object({ type: z.literal('status'), status: broadcasterStatusSchema.nullable() }),
  /** The first 500 items; `queue.list` gives the rest. */
  z.object({ type: z.literal('queue'), items: z.array(timelineItemSchema), total: z.number().int() }),
  z.object({ type: z.literal('pipeline'), pipeline: pipelineSchema }),
  z.object({ type: z.literal('destinations'), destinations: z.array(destinationStatusSchema) }),
  z.object({ type: z.literal('asRun'), rows: z.array(asRunSchema) }),
  z.object({ type: z.literal('incidents'), incidents: z.array(incidentSchema) }),
  /** Newest first, at most 50. */
  z.object({ type: z.literal('decisions'), decisions: z.array(decisionSchema) }),
  /** Null until the watchdog's first round of checks is over. */
  z.object({ type: z.literal('watchdog'), watchdog: watchdogStatusSchema.nullable() }),
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;

const preflightCheckSchema = z.object({
  name: z.string(),
  verdict: z.enum(['ok', 'warning', 'failed']),
  /** A sentence with the figure and, when not ok, what to do. */
  message: z.string(),
});
export type PreflightCheck = z.infer<typeof preflightCheckSchema>;

const item = z.object({ id: z.string() });
const whereSchema = z.union([z.literal('end'), z.literal('head'), z.object({ beforeId: z.string() })]);
const done = z.object({ ok: z.literal(true) });

/** The control API: the desktop page, the browser page and `vvtvctl` all speak this. Errors carry a code of `ERRORS`. */
export const controlContract = {
  channel: {
    get: oc.output(channelSchema),
    status: oc.output(broadcasterStatusSchema.nullable()),
    live: oc.output(eventIterator(liveEventSchema)),
    onAir: oc.output(done),
    /** Goes off air and keeps the host running. */
    offAir: oc.input(z.object({ force: z.boolean() })).output(done),
    /** Goes off air and stops the host and everything it started. */
    shutdown: oc.input(z.object({ force: z.boolean() })).output(done),
    rename: oc.input(z.object({ name: z.string().min(1).max(60) })).output(done),
  },
  program: {
    /** Cuts to a queue item now, or to the next one. */
    take: oc.input(z.object({ queueItemId: z.string().optional() })).output(done),
    skip: oc.output(done),
    hold: oc.input(z.object({ on: z.boolean() })).output(done),
    emergency: oc.input(z.object({ on: z.boolean() })).output(done),
  },
  queue: {
    list: oc
      .input(z.object({ limit: z.number().int().min(1).max(20_000).default(200) }))
      .output(z.object({ items: z.array(timelineItemSchema), total: z.number().int() })),
    add: oc.input(z.object({ assetId: z.string(), where: whereSchema.default('end') })).output(item),
    move: oc.input(z.object({ id: z.string(), where: whereSchema })).output(done),
    remove: oc.input(item).output(z.object({ undo: z.object({ assetId: z.string(), where: whereSchema }) })),
    asRun: oc.input(z.object({ limit: z.number().int().min(1).max(1000).default(50) })).output(z.array(asRunSchema)),
  },
  plans: {
    list: oc
      .input(
        z.object({
          states: z.array(planStateSchema).optional(),
          limit: z.number().int().min(1).max(1000).default(100),
          offset: z.number().int().min(0).default(0),
        }),
      )
      .output(z.object({ plans: z.array(planSchema), counts: z.record(planStateSchema, z.number().int()) })),
    retry: oc.input(item).output(done),
  },
  assets: {
    list: oc
      .input(
        z.object({ limit: z.number().int().min(1).max(1000).default(200), offset: z.number().int().min(0).default(0) }),
      )
      .output(z.array(assetSchema)),
    get: oc.input(item).output(assetSchema),
  },
  library: {
    addFolder: oc.input(z.object({ path: z.string().min(1) })).output(item),
    removeFolder: oc.input(item).output(done),
  },
  destinations: {
    list: oc.output(z.array(destinationStatusSchema)),
    add: oc.input(z.object({ name: z.string().min(1).max(80), url: destinationUrlSchema })).output(item),
    setEnabled: oc.input(z.object({ id: z.string(), enabled: z.boolean() })).output(done),
    reconnect: oc.input(item).output(done),
    remove: oc.input(z.object({ id: z.string(), force: z.boolean() })).output(done),
    /** Goes the way to a destination, known or not, step by step until one fails. One that is being sent to is not disturbed. */
    test: oc
      .input(z.union([item, z.object({ url: destinationUrlSchema })]))
      .output(z.object({ ok: z.boolean(), steps: z.array(preflightCheckSchema) })),
  },
  backups: {
    /** Newest first. */
    list: oc.output(z.array(backupSchema)),
    create: oc.output(backupSchema),
    /** `name` is one of the list, or `latest`. */
    verify: oc.input(z.object({ name: z.string().min(1) })).output(backupReportSchema),
    /** Puts a backup in the place of the database; the channel stays on air. `dryRun` needs no `force`. */
    restore: oc
      .input(z.object({ name: z.string().min(1), dryRun: z.boolean(), force: z.boolean() }))
      .output(restoreReportSchema),
  },
  incidents: {
    /** Newest first. */
    list: oc
      .input(z.object({ open: z.boolean().default(false), limit: z.number().int().min(1).max(1000).default(100) }))
      .output(z.array(incidentRecordSchema)),
    /** With its history, what aired and was done around it, and all of that as a postmortem. */
    get: oc.input(item).output(
      z.object({
        incident: incidentRecordSchema,
        events: z.array(incidentEventSchema),
        asRun: z.array(asRunSchema),
        acts: z.array(watchdogActSchema),
        markdown: z.string(),
      }),
    ),
  },
  /** Secrets go in and never come out. */
  alerts: {
    list: oc.output(z.object({ settings: alertSettingsSchema, channels: z.array(alertChannelViewSchema) })),
    add: oc.input(alertChannelSchema.pick({ name: true, target: true, minSeverity: true })).output(item),
    remove: oc.input(z.object({ id: z.string(), force: z.boolean() })).output(done),
    /** Changes what is given; answers all of it. */
    configure: oc.input(alertSettingsChangeSchema).output(alertSettingsSchema),
    /** One try, at once and past every rule. `ok` is false when the receiver did not take it. */
    test: oc.input(item).output(z.object({ ok: z.boolean(), message: z.string() })),
  },
  storage: {
    report: oc.output(storageReportSchema),
    /** Settles what the report names. `dryRun` needs no `force`. */
    clean: oc.input(z.object({ dryRun: z.boolean(), force: z.boolean() })).output(storageCleanSchema),
  },
  session: {
    /** A link that opens the control room in one browser, once, within 15 minutes. */
    createLink: oc.output(z.object({ url: z.string(), expiresAtMs: z.number() })),
  },
  health: {
    preflight: oc.output(z.array(preflightCheckSchema)),
    /** Layer 2: every check with its state, what was done, and how long recoveries took. */
    watchdog: oc.output(watchdogStatusSchema),
    processes: oc.output(
      z.array(
        z.object({
          name: z.string(),
          pid: z.number().int().nullable(),
          state: z.enum(['running', 'starting', 'backing_off', 'given_up', 'stopped']),
          restarts: z.number().int(),
          upMs: z.number().nullable(),
          loopDelayP99Ms: z.number().nullable(),
          rssBytes: z.number().nullable(),
          cpuPercent: z.number().nullable(),
        }),
      ),
    ),
  },
};
