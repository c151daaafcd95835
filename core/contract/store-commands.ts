import { z } from 'zod';
import { alertChannelSchema, alertStateSchema } from './alert.ts';
import { assetSchema } from './asset.ts';
import { destinationSchema } from './destination.ts';
import { errorCodeSchema } from './errors.ts';
import { incidentCodeSchema, severitySchema } from './incident.ts';
import { journalEntrySchema } from './journal.ts';
import { planReasonSchema } from './plan.ts';
import { planStateSchema } from './plan-state.ts';
import { houseProfileSchema } from './profile.ts';

/**
 * Every change of studio.sqlite is one of these named commands, run by the writer thread (core/store/writer). All are
 * idempotent: ids are ULIDs made by the caller, so a caller may send a command again after a crash.
 * Channel id is `main` everywhere until there are several channels; times are Unix ms and come from the caller.
 */
const id = z.string().min(1);
const at = z.number();

/** Priorities of `prepare` jobs: the lower runs first. Transitions of the near queue use their order, 0 upwards. */
export const JOB_PRIORITY = { operator: 10, fresh: 50, backlog: 100 } as const;

export const storeCommandSchemas = {
  /** Creates the channel row when missing; changes name and profile when they differ. `seed` is kept from the first call. */
  'channel.ensure': z.object({
    channelId: id,
    name: z.string().min(1),
    profile: houseProfileSchema,
    seed: z.string(),
    atMs: at,
  }),
  /** What the operator wants: restored when the host starts. */
  'channel.setOnAirWanted': z.object({ channelId: id, wanted: z.boolean() }),
  'setting.set': z.object({ key: z.string(), value: z.unknown() }),

  'library.addFolder': z.object({ id, channelId: id, path: z.string(), atMs: at }),
  'library.removeFolder': z.object({ id }),

  /** A batch of files seen by the watch folder. New locator → `planned`; changed bytes or mtime: a rejected, failed or expired plan is `planned` again, a prepared one is prepared anew (its asset airs until then). */
  'plan.discover': z.object({
    channelId: id,
    plans: z.array(
      z.object({
        id,
        sourceKind: z.enum(['folder', 'file', 'url']),
        locator: z.string(),
        title: z.string(),
        fileBytes: z.number().int().nullable(),
        fileModifiedMs: z.number().nullable(),
      }),
    ),
    atMs: at,
  }),
  /** Files gone from disk: plans not yet prepared become `expired`; prepared ones keep their asset. */
  'plan.vanish': z.object({ channelId: id, locators: z.array(z.string()), atMs: at }),
  /** Checked by the plan state machine; `reason` is stored for rejected, failed and expired. */
  'plan.transition': z.object({
    planId: id,
    to: planStateSchema,
    reason: planReasonSchema.nullable(),
    atMs: at,
    contentHash: z.string().optional(),
  }),
  /**
   * Planner: `planned` → `selected`, and a waiting `prepare` job of this priority for each. So is a prepared plan whose asset
   * is not in the channel's house format.
   */
  'plan.select': z.object({
    channelId: id,
    planIds: z.array(id),
    priority: z.number().int().min(0).default(JOB_PRIORITY.backlog),
    atMs: at,
  }),
  /** Operator: rejected, failed or expired → `selected` with a fresh job. */
  'plan.retry': z.object({ planId: id, atMs: at }),

  /** Takes over one due job (waiting, or running with an expired lease) of the given kinds, lowest priority number first; result: the job or null. */
  'job.claim': z.object({
    owner: id,
    kinds: z.array(z.enum(['prepare', 'transition'])),
    leaseMs: z.number().int().positive(),
    atMs: at,
  }),
  /** Keeps the lease and stores the checkpoint of a finished step. `CONFLICT` when another owner holds the lease. */
  'job.checkpoint': z.object({
    jobId: id,
    owner: id,
    leaseMs: z.number().int().positive(),
    step: z.string(),
    checkpoint: z.unknown(),
    atMs: at,
  }),
  'job.finish': z.object({ jobId: id, owner: id, atMs: at }),
  /** With `retryAtMs` the job waits and is tried again; null: it is failed for good. */
  'job.fail': z.object({ jobId: id, owner: id, error: z.string(), retryAtMs: z.number().nullable(), atMs: at }),
  /** Lets go of every lease of an owner that is known to be dead. */
  'job.releaseOwner': z.object({ owner: id, atMs: at }),

  /** Stores a certified asset, links it to its plan and makes the plan `ready`, in one step. */
  'asset.certify': z.object({ asset: assetSchema, contentHash: z.string().nullable(), atMs: at }),
  'asset.setState': z.object({ assetId: id, state: z.enum(['ready', 'damaged', 'missing', 'retired']), atMs: at }),

  /** Space is short: a ready asset that is not queued is retired, and its plan is `planned` again. Its files are the caller's business, and only when it was evicted. */
  'asset.evict': z.object({ assetId: id, atMs: at }),

  /** Declares which joins of the near queue want a crossfade: creates missing rows and waiting `transition` jobs (priority = order), drops waiting jobs not named. */
  'transition.want': z.object({
    channelId: id,
    pairs: z.array(z.object({ id, fromAssetId: id, toAssetId: id, profileId: z.string() })),
    atMs: at,
  }),
  'transition.ready': z.object({
    id,
    frames: z.number().int().positive(),
    bytes: z.number().int().positive(),
    headerHash: z.string(),
    atMs: at,
  }),
  /** The files of these crossfades were removed: their rows go too, so that the pair is rendered again when it is wanted again. */
  'transition.forget': z.object({ ids: z.array(id) }),
  'transition.failed': z.object({ id, error: z.string(), atMs: at }),

  /** Adds an asset to the queue: at the end, at the head (after the item on air), or before another queued item. */
  'queue.add': z.object({
    id,
    channelId: id,
    assetId: id,
    where: z.union([z.literal('end'), z.literal('head'), z.object({ beforeId: id })]),
    origin: z.enum(['planner', 'operator']),
    atMs: at,
  }),
  /** Planner: appends several in order, but only while the queue's last row is still `afterId` (null: empty queue); otherwise nothing is added and the result says `added: 0`. */
  'queue.extend': z.object({
    channelId: id,
    afterId: z.string().nullable(),
    items: z.array(z.object({ id, assetId: id })),
    atMs: at,
  }),
  'queue.move': z.object({ id, where: z.union([z.literal('end'), z.literal('head'), z.object({ beforeId: id })]) }),
  /** Result: the removed row with the id of the row that followed it, for undo; null when it was not there. */
  'queue.remove': z.object({ id }),

  /** Imports journal lines, in order, each at most once (by `seq` against the stored cursor): as-run rows, queue states, plan `on_air`/`played`, asset counters, damaged assets. */
  'journal.import': z.object({ channelId: id, entries: z.array(journalEntrySchema) }),

  'destination.put': z.object({ destination: destinationSchema }),
  'destination.setEnabled': z.object({ id, enabled: z.boolean() }),
  'destination.remove': z.object({ id }),

  'decision.record': z.object({
    id,
    channelId: id,
    kind: z.string(),
    seed: z.string().nullable(),
    inputs: z.unknown(),
    result: z.unknown(),
    reason: z.string(),
    atMs: at,
  }),
  /** Opens an incident, or counts it again when one with the same code and subject is open. */
  'incident.open': z.object({
    id,
    channelId: id,
    code: incidentCodeSchema,
    subject: z.string(),
    severity: severitySchema,
    message: z.string(),
    atMs: at,
  }),
  'incident.resolve': z.object({ code: incidentCodeSchema, subject: z.string(), atMs: at }),
  /** Notes in the history of an open incident what was done about it; nothing when there is none. */
  'incident.action': z.object({
    id,
    channelId: id,
    code: incidentCodeSchema,
    subject: z.string(),
    message: z.string(),
    atMs: at,
  }),

  'alert.putChannel': z.object({ alertChannel: alertChannelSchema }),
  'alert.removeChannel': z.object({ id }),
  /** What was told through an alert channel; nothing when the channel is gone. Wakes nobody. */
  'alert.saveState': z.object({ id, state: alertStateSchema }),

  /** High-volume series, stored in metrics.sqlite. */
  'metric.add': z.object({ samples: z.array(z.object({ series: z.string(), atMs: at, value: z.number() })) }),
} as const;

export type StoreCommandName = keyof typeof storeCommandSchemas;
export type StoreCommandArgs<N extends StoreCommandName> = z.input<(typeof storeCommandSchemas)[N]>;

export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(['prepare', 'transition']),
  /** Plan id (prepare) or transition id. */
  subjectId: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  step: z.string().nullable(),
  checkpoint: z.unknown(),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** Results of the commands that have one; the others answer null. */
interface StoreCommandResults {
  'plan.discover': { added: number; changed: number };
  'plan.select': { selected: number };
  'job.claim': Job | null;
  'asset.evict': { evicted: boolean };
  'queue.extend': { added: number };
  'queue.remove': { assetId: string; origin: 'planner' | 'operator'; followedBy: string | null } | null;
  'journal.import': { imported: number };
}
export type StoreCommandResult<N extends StoreCommandName> = N extends keyof StoreCommandResults
  ? StoreCommandResults[N]
  : null;

/** How one command ended, as it travels between threads and processes. */
export const storeOutcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    code: errorCodeSchema,
    message: z.string(),
    detail: z.record(z.string(), z.unknown()),
  }),
]);
export type StoreOutcome = z.infer<typeof storeOutcomeSchema>;

/** A command before its arguments are checked: what other processes send. */
export const storeRequestSchema = z.object({ name: z.string(), args: z.unknown() });
export type StoreRequest = z.infer<typeof storeRequestSchema>;

/** The one way to change the studio. Rejects with a `StudioError`. Commands sent in one turn of the event loop travel and commit together. */
export interface StoreClient {
  run<N extends StoreCommandName>(name: N, args: StoreCommandArgs<N>): Promise<StoreCommandResult<N>>;
}
