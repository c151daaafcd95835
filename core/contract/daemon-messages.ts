import { z } from 'zod';
import { storeOutcomeSchema, storeRequestSchema } from './store-commands.ts';
import { watchdogStatusSchema } from './watchdog.ts';

/**
 * How the host starts every daemon (`core/<daemon>/main.ts`): `--data DIR --channel ID`. Forked ones talk these messages
 * over the IPC channel and exit when it closes; detached ones (broadcaster, origin) write their run file instead.
 */
export const DAEMON_ARGUMENTS = { data: '--data', channel: '--channel' } as const;

/** Kinds of stored things whose change wakes others. */
const TOPICS = [
  'channel',
  'library',
  'plans',
  'assets',
  'queue',
  'transitions',
  'destinations',
  'as_run',
  'decisions',
  'incidents',
  'alerts',
  'settings',
  'jobs',
] as const;
export const topicSchema = z.enum(TOPICS);
export type Topic = z.infer<typeof topicSchema>;

/** Progress of one job, for the pipeline strip; never stored on every tick. */
export const jobProgressSchema = z.object({
  jobId: z.string(),
  kind: z.enum(['prepare', 'transition', 'house']),
  planId: z.string().nullable(),
  title: z.string(),
  step: z.string(),
  /** 0 to 1 over the whole job; null when unknown. */
  fraction: z.number().min(0).max(1).nullable(),
  /** Source seconds per wall second; null when unknown. */
  speed: z.number().nullable(),
  encoder: z.string().nullable(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

const loopReportSchema = z.object({ loopDelayP99Ms: z.number(), rssBytes: z.number(), cpuPercent: z.number() });
export type LoopReport = z.infer<typeof loopReportSchema>;

/** What the watchdog sees of the studio's processes. */
const processSightSchema = z.object({
  name: z.string(),
  pid: z.number().int().nullable(),
  state: z.enum(['running', 'starting', 'backing_off', 'given_up', 'stopped']),
  loopDelayP99Ms: z.number().nullable(),
});
export type ProcessSight = z.infer<typeof processSightSchema>;

/** What only the host can do for the watchdog. */
const hostAskSchema = z.discriminatedUnion('name', [
  /** Kill and replace the broadcaster, but only while it is this process. */
  z.object({ name: z.literal('restartBroadcaster'), pid: z.number().int(), reason: z.string() }),
  z.object({ name: z.literal('wakePlanner') }),
]);
export type HostAsk = z.infer<typeof hostAskSchema>;

/** Forked daemon → host. */
export const daemonToHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** Store commands, answered by `storeResult` with the same id. */
  z.object({
    type: z.literal('store'),
    id: z.number().int(),
    commands: z.array(storeRequestSchema),
  }),
  z.object({ type: z.literal('progress'), jobs: z.array(jobProgressSchema) }),
  z.object({ type: z.literal('health'), report: loopReportSchema }),
  /** Watchdog only: its state after every round of checks. */
  z.object({ type: z.literal('watchdog'), status: watchdogStatusSchema }),
  z.object({ type: z.literal('ask'), ask: hostAskSchema }),
]);
export type DaemonToHost = z.infer<typeof daemonToHostSchema>;

/** Host → forked daemon. */
export const hostToDaemonSchema = z.discriminatedUnion('type', [
  /** One result per command, in order. */
  z.object({ type: z.literal('storeResult'), id: z.number().int(), results: z.array(storeOutcomeSchema) }),
  z.object({ type: z.literal('wake'), topics: z.array(topicSchema) }),
  /** To the watchdog, every few seconds. */
  z.object({ type: z.literal('processes'), processes: z.array(processSightSchema) }),
  z.object({ type: z.literal('stop') }),
]);
export type HostToDaemon = z.infer<typeof hostToDaemonSchema>;
