import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ulid } from 'ulid';
import { z } from 'zod';
import type { JobProgress } from '../../contract/daemon-messages.ts';
import { describeError, StudioError } from '../../contract/errors.ts';
import type { Plan, PlanReason } from '../../contract/plan.ts';
import type { PlanState } from '../../contract/plan-state.ts';
import { framesToMs, type HouseProfile, profileId } from '../../contract/profile.ts';
import type { StoreClient } from '../../contract/store-commands.ts';
import { childrenFolder } from '../../media/child-record.ts';
import type { Tools } from '../../media/tools.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DataPaths } from '../../platform/data-paths.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StudioReader } from '../../store/studio-reader.ts';
import type { JobLease } from '../job-lease.ts';
import { jobWorkFolder } from '../work-folder.ts';
import type { Checkpoint, PrepareStep } from './checkpoint.ts';
import { prepareSettingsSchema } from './gates.ts';
import { type PreparedSource, prepareSource } from './prepare-source.ts';
import { Rejection } from './rejection.ts';

export interface PrepareJobContext {
  channelId: string;
  profile: HouseProfile;
  headerHash: string | null;
  paths: DataPaths;
  tools: Tools;
  canCompare: boolean;
  store: StoreClient;
  reader: StudioReader;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
  nice: number;
  onProgress: (progress: JobProgress) => void;
}

/** What is stored with the job: the checkpoint, and how often a tool failed on this source. */
const storedSchema = z.object({ failures: z.number().int(), prepared: z.unknown() });

const MAX_FAILURES = 3;
const RETRY_MS = [5_000, 60_000];
/** Claims after which a job is given up although no failure was seen: it seems to take the process down with it. */
const MAX_ATTEMPTS = 50;

/** Faults of the disk or of an order to stop: they say nothing about the source and are not counted. */
const INNOCENT = new Set(['ABORTED', 'DISK_FULL', 'ENOSPC', 'EDQUOT']);
const INNOCENT_RETRY_MS = 30_000;
/** A file that was changed while it was prepared has come to rest by then, more often than not. */
const CHANGED_RETRY_MS = 10_000;

/**
 * Runs one `prepare` job: the plan ends as `ready` with a certified asset, as `rejected` with a reason, or, after three
 * failures of a tool, as `failed`. Throws only what concerns the job queue itself: `ABORTED` (the job is to be released)
 * and lost leases.
 */
export async function runPrepareJob(lease: JobLease, context: PrepareJobContext): Promise<void> {
  const { reader, paths, logger } = context;
  const { job } = lease;
  const plan = reader.plan(job.subjectId);
  const work = jobWorkFolder(paths, job.id);
  if (!isWanted(plan)) return drop(lease, work);
  const stored = storedSchema.safeParse(job.checkpoint);
  const run = new PrepareRun(lease, context, plan, stored.success ? stored.data : { failures: 0, prepared: null });
  try {
    await run.prepare(work);
  } catch (error) {
    if (!isWanted(reader.plan(plan.id))) return drop(lease, work);
    const reason = reasonOf(error, plan.locator);
    if (reason) {
      logger.info({ plan: plan.id, title: plan.title, ...reason }, 'rejected');
      await run.settle('rejected', reason);
      return drop(lease, work);
    }
    if (error instanceof StudioError && error.code === 'ABORTED' && context.signal.aborted) throw error;
    await run.failed(error, work);
  }
}

/** False when the plan was withdrawn: its file is gone from the library, or is another one now. */
function isWanted(plan: Plan | null): plan is Plan {
  return plan !== null && plan.state !== 'expired' && plan.state !== 'planned';
}

async function drop(lease: JobLease, work: string): Promise<void> {
  await rm(work, { recursive: true, force: true });
  return lease.finish();
}

class PrepareRun {
  readonly #lease: JobLease;
  readonly #context: PrepareJobContext;
  readonly #plan: Plan;
  #stored: z.infer<typeof storedSchema>;
  #state: PlanState;
  #contentHash: string | undefined;

  constructor(lease: JobLease, context: PrepareJobContext, plan: Plan, stored: z.infer<typeof storedSchema>) {
    this.#lease = lease;
    this.#context = context;
    this.#plan = plan;
    this.#stored = stored;
    this.#state = plan.state;
  }

  async prepare(work: string): Promise<void> {
    const { reader, channelId, profile } = this.#context;
    const plan = this.#plan;
    // A plan that was being normalised starts over as a whole; finished steps are not repeated.
    if (this.#state === 'normalising') await this.settle('selected', null);
    await this.settle('inspecting', null);
    const duplicateOf = (hash: string) => {
      this.#contentHash = hash;
      const other = reader.assetByContentHash(channelId, hash);
      const same = other && other.profileId === profileId(profile) && other.planId !== plan.id;
      return same && other.state === 'ready' ? other.title : null;
    };
    const fileBefore = await fileState(plan.locator);
    const prepared = await prepareSource({
      ...this.#context,
      source: { path: plan.locator, title: plan.title },
      settings: prepareSettingsSchema.parse(reader.setting('prepare') ?? {}),
      workFolder: work,
      newAssetId: () => ulid(this.#context.clock.wallMs()),
      checkpoint: this.#stored.prepared,
      save: (step, checkpoint) => this.#save(step, checkpoint),
      duplicateOf,
      onProgress: (step, fraction, speed) => this.#report(step, fraction, speed),
      childrenFolder: childrenFolder(this.#context.paths.run),
    }).catch(async (error: unknown) => {
      // A verdict on a file that was changed under our hands is about neither the old one nor the new one.
      await requireUnchanged(plan.locator, fileBefore, error);
      throw error;
    });
    await requireUnchanged(plan.locator, fileBefore, null);
    await this.#certify(prepared, work);
  }

  /** Moves the plan, when it is not there yet. */
  async settle(to: PlanState, reason: PlanReason | null): Promise<void> {
    if (this.#state === to && reason === null) return;
    const { store, clock } = this.#context;
    const contentHash = this.#contentHash === undefined ? {} : { contentHash: this.#contentHash };
    await store.run('plan.transition', { planId: this.#plan.id, to, reason, atMs: clock.wallMs(), ...contentHash });
    this.#state = to;
  }

  async failed(error: unknown, work: string): Promise<void> {
    const { logger, clock, store, channelId } = this.#context;
    const message = describeError(error);
    const { job } = this.#lease;
    if (error instanceof SourceChanged) {
      logger.info({ plan: this.#plan.id, title: this.#plan.title }, 'the file was changed while it was prepared: anew');
      return this.#lease.fail(message, CHANGED_RETRY_MS);
    }
    if (error instanceof Error && 'code' in error && INNOCENT.has(String(error.code)))
      return this.#lease.fail(message, INNOCENT_RETRY_MS);
    const failures = this.#stored.failures + 1;
    logger.warn({ err: error, plan: this.#plan.id, failures }, 'preparing failed');
    this.#stored = { ...this.#stored, failures };
    await this.#lease.save(job.step ?? 'hash', this.#stored);
    if (failures < MAX_FAILURES && job.attempts < MAX_ATTEMPTS)
      return this.#lease.fail(message, RETRY_MS[failures - 1] ?? INNOCENT_RETRY_MS);
    await this.settle('failed', { code: 'tool_failed', message });
    const incident = { id: ulid(clock.wallMs()), channelId, code: 'prepare_failed' as const, subject: this.#plan.id };
    const text = `“${this.#plan.title}” could not be prepared: ${message}`;
    await store.run('incident.open', { ...incident, severity: 'info', message: text, atMs: clock.wallMs() });
    await rm(work, { recursive: true, force: true });
    await this.#lease.fail(message, null);
  }

  /** One rename makes the asset complete; all of it may be repeated after a crash at any point. */
  async #certify(prepared: PreparedSource, work: string): Promise<void> {
    const { store, clock, paths, channelId, profile, logger } = this.#context;
    const { folder } = paths.asset(prepared.assetId);
    if (!(await stat(folder).catch(() => null))) {
      await mkdir(dirname(folder), { recursive: true });
      await rename(work, folder);
    }
    await rm(work, { recursive: true, force: true });
    await this.settle('normalising', null);
    const { frames, bytes, headerHash, qa, filmstrip } = prepared;
    const atMs = clock.wallMs();
    const asset = {
      ...{ id: prepared.assetId, channelId, planId: this.#plan.id, title: this.#plan.title },
      ...{ profileId: profileId(profile), frames, durationMs: framesToMs(profile, frames), bytes, headerHash },
      ...{ state: 'ready' as const, qa, filmstrip, createdAtMs: atMs, lastAiredMs: null, airedCount: 0 },
    };
    await store.run('asset.certify', { asset, contentHash: prepared.contentHash, atMs });
    await this.#lease.finish();
    logger.info({ plan: this.#plan.id, asset: asset.id, title: asset.title, frames, bytes }, 'ready');
  }

  async #save(step: PrepareStep, checkpoint: Checkpoint): Promise<void> {
    this.#stored = { ...this.#stored, prepared: checkpoint };
    await this.#lease.save(step, this.#stored);
    if (step === 'listen') await this.settle('normalising', null);
  }

  #report(step: PrepareStep, fraction: number, speed: number | null): void {
    const { id } = this.#lease.job;
    const { title } = this.#plan;
    const encoder = step === 'normalise' ? 'libx264' : null;
    this.#context.onProgress({
      jobId: id,
      kind: 'prepare',
      planId: this.#plan.id,
      title,
      step,
      fraction,
      speed,
      encoder,
    });
  }
}

/** The source was replaced, cut or written to while it was prepared: nothing is known about it. */
class SourceChanged extends Error {}

async function fileState(path: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  return info && `${info.size} ${info.mtimeMs} ${info.ino}`;
}

/** Throws `SourceChanged` when the file is there and another than before. */
async function requireUnchanged(path: string, before: string | null, cause: unknown): Promise<void> {
  const now = await fileState(path);
  if (now !== null && now !== before) throw new SourceChanged('the file was changed while it was prepared', { cause });
}

/** The rejection that an error amounts to; null when it is no fault of the source. */
function reasonOf(error: unknown, locator: string): PlanReason | null {
  if (error instanceof Rejection) return error.reason;
  if (!(error instanceof Error) || !('code' in error)) return null;
  if ('path' in error && error.path !== locator) return null;
  if (error.code === 'ENOENT') return { code: 'vanished', message: 'The file is no longer there.' };
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return { code: 'not_permitted', message: 'The file may not be read: its permissions forbid it.' };
  if (error.code === 'EISDIR' || error.code === 'EIO')
    return { code: 'unreadable', message: `The file cannot be read (${error.message}).` };
  return null;
}
