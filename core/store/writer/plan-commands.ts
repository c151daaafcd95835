import { StudioError } from '../../contract/errors.ts';
import type { PlanReason } from '../../contract/plan.ts';
import { JOB_PRIORITY, storeCommandSchemas } from '../../contract/store-commands.ts';
import { perDatabase } from '../per-database.ts';
import { command } from './command.ts';
import { dropWaitingJob, openJob } from './job-rows.ts';
import { movePlan, planState } from './plan-rows.ts';

interface KnownPlan {
  id: string;
  state: string;
  fileBytes: number | null;
  fileModifiedMs: number | null;
}

const statements = perDatabase((db) => ({
  byLocator: db.prepare<[string, string], KnownPlan>(
    `SELECT id, state, file_bytes AS fileBytes, file_modified_ms AS fileModifiedMs
     FROM plans WHERE channel_id = ? AND locator = ?`,
  ),
  insert: db.prepare<[string, string, string, string, string, number | null, number | null, number, number]>(
    `INSERT INTO plans (id, channel_id, source_kind, locator, title, state, file_bytes, file_modified_ms,
       discovered_at_ms, updated_at_ms) VALUES (?, ?, ?, ?, ?, 'planned', ?, ?, ?, ?)`,
  ),
  fileChanged: db.prepare<[number | null, number | null, string]>(
    'UPDATE plans SET file_bytes = ?, file_modified_ms = ? WHERE id = ?',
  ),
  forgetContent: db.prepare<[string]>('UPDATE plans SET content_hash = NULL WHERE id = ?'),
  isOfAnotherFormat: db.prepare<[string], { id: string }>(
    `SELECT p.id FROM plans p JOIN assets a ON a.id = p.asset_id JOIN channels c ON c.id = p.channel_id
     WHERE p.id = ? AND p.state IN ('ready', 'played') AND a.profile_id <> c.profile_id`,
  ),
  channelOf: db.prepare<[string], { channelId: string }>('SELECT channel_id AS channelId FROM plans WHERE id = ?'),
}));

const VANISHED: PlanReason = { code: 'vanished', message: 'The file is no longer in the library folder.' };
const REPLACED: PlanReason = { code: 'replaced', message: 'The file was replaced by another one.' };

/** States in which the source file is no longer needed. */
const PREPARED: ReadonlySet<string> = new Set(['ready', 'on_air', 'played']);
const SETTLED: ReadonlySet<string> = new Set(['rejected', 'failed', 'expired']);

export const planCommands = {
  'plan.discover': command(storeCommandSchemas['plan.discover'], ({ studio, touch }, args) => {
    const { byLocator, insert, fileChanged, forgetContent } = statements(studio);
    let added = 0;
    let changed = 0;
    for (const found of args.plans) {
      const known = byLocator.get(args.channelId, found.locator);
      if (known === undefined) {
        insert.run(
          found.id,
          args.channelId,
          found.sourceKind,
          found.locator,
          found.title,
          found.fileBytes,
          found.fileModifiedMs,
          args.atMs,
          args.atMs,
        );
        added += 1;
        continue;
      }
      const sameFile = known.fileBytes === found.fileBytes && known.fileModifiedMs === found.fileModifiedMs;
      // What is on air is left alone: the next look at the folder finds the change again.
      if (sameFile ? known.state !== 'expired' : known.state === 'on_air') continue;
      fileChanged.run(found.fileBytes, found.fileModifiedMs, known.id);
      if (known.state === 'ready' || known.state === 'played') {
        movePlan(studio, known.id, 'selected', args.atMs);
        openJob(studio, 'prepare', known.id, JOB_PRIORITY.fresh, args.atMs);
        touch('jobs');
        changed += 1;
        continue;
      }
      if (SETTLED.has(known.state)) {
        if (known.state !== 'expired') movePlan(studio, known.id, 'expired', args.atMs, { reason: REPLACED });
        movePlan(studio, known.id, 'planned', args.atMs);
        forgetContent.run(known.id);
        changed += 1;
      }
    }
    if (added + changed > 0) touch('plans');
    return { added, changed };
  }),

  'plan.vanish': command(storeCommandSchemas['plan.vanish'], ({ studio, touch }, args) => {
    for (const locator of args.locators) {
      const known = statements(studio).byLocator.get(args.channelId, locator);
      if (known === undefined || known.state === 'expired' || PREPARED.has(known.state)) continue;
      movePlan(studio, known.id, 'expired', args.atMs, { reason: VANISHED });
      if (dropWaitingJob(studio, 'prepare', known.id)) touch('jobs');
      touch('plans');
    }
    return null;
  }),

  'plan.transition': command(storeCommandSchemas['plan.transition'], ({ studio, touch }, args) => {
    movePlan(studio, args.planId, args.to, args.atMs, {
      reason: args.reason,
      contentHash: args.contentHash ?? null,
    });
    if (args.to === 'planned' || args.to === 'expired') {
      if (dropWaitingJob(studio, 'prepare', args.planId)) touch('jobs');
    }
    touch('plans');
    return null;
  }),

  'plan.select': command(storeCommandSchemas['plan.select'], ({ studio, touch }, args) => {
    let selected = 0;
    for (const planId of args.planIds) {
      if (statements(studio).channelOf.get(planId)?.channelId !== args.channelId) continue;
      const outdated = statements(studio).isOfAnotherFormat.get(planId) !== undefined;
      if (planState(studio, planId) !== 'planned' && !outdated) continue;
      movePlan(studio, planId, 'selected', args.atMs);
      openJob(studio, 'prepare', planId, args.priority, args.atMs);
      selected += 1;
    }
    if (selected > 0) touch('plans', 'jobs');
    return { selected };
  }),

  'plan.retry': command(storeCommandSchemas['plan.retry'], ({ studio, touch }, args) => {
    const state = planState(studio, args.planId);
    if (state === 'selected') return null;
    if (!SETTLED.has(state))
      throw new StudioError('CONFLICT', `a plan that is ${state} cannot be tried again`, { detail: { state } });
    if (state === 'expired') movePlan(studio, args.planId, 'planned', args.atMs);
    movePlan(studio, args.planId, 'selected', args.atMs);
    openJob(studio, 'prepare', args.planId, JOB_PRIORITY.operator, args.atMs);
    touch('plans', 'jobs');
    return null;
  }),
};
