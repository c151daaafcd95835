import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TemporaryStudio, temporaryStudio } from '../../../tests/support/temporary-studio.ts';
import { StudioError } from '../../contract/errors.ts';

const LEASE_MS = 10;
const SUBJECTS = 3;

type Act =
  | { act: 'claim'; owner: string; waitMs: number }
  | { act: 'releaseOwner'; owner: string; waitMs: number }
  | { act: 'checkpoint' | 'finish' | 'retry' | 'giveUp'; owner: string; job: number; waitMs: number };

const owner = fc.constantFrom('anna', 'ben', 'cleo');
const waitMs = fc.nat(8);
const acts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ act: fc.constant('claim' as const), owner, waitMs }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('releaseOwner' as const), owner, waitMs }) },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constantFrom('checkpoint' as const, 'checkpoint', 'finish', 'retry', 'giveUp'),
        owner,
        job: fc.nat(SUBJECTS - 1),
        waitMs,
      }),
    },
  ),
  { maxLength: 40 },
);

async function addJobs(studio: TemporaryStudio, prefix: string): Promise<void> {
  const ids = Array.from({ length: SUBJECTS }, (_, index) => `${prefix}${index}`);
  const plans = ids.map((id) => ({
    id,
    sourceKind: 'folder' as const,
    locator: `/${id}`,
    title: id,
    fileBytes: 1,
    fileModifiedMs: 1,
  }));
  await studio.writer.run('plan.discover', { channelId: 'main', plans, atMs: 0 });
  await studio.writer.run('plan.select', { channelId: 'main', planIds: ids, atMs: 0 });
}

/** True when it was done, false when it was refused because of the lease. */
async function allowed(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (error instanceof StudioError && error.code === 'CONFLICT') return false;
    throw error;
  }
}

test('a job never has two live owners, whatever happens in whatever order', async () => {
  await using studio = await temporaryStudio();
  const { writer } = studio;
  let round = 0;
  await fc.assert(
    fc.asyncProperty(acts, async (script: Act[]) => {
      round += 1;
      const prefix = `r${round}-`;
      await addJobs(studio, prefix);
      const held = new Map<string, { owner: string; untilMs: number }>();
      let atMs = 1;
      for (const step of script) {
        atMs += step.waitMs;
        if (step.act === 'claim') {
          const args = { owner: step.owner, kinds: ['prepare' as const], leaseMs: LEASE_MS, atMs };
          const job = await writer.run('job.claim', args);
          if (job === null) continue;
          const holder = held.get(job.id);
          assert.ok(holder === undefined || holder.untilMs <= atMs, `${job.id} is still held by ${holder?.owner}`);
          held.set(job.id, { owner: step.owner, untilMs: atMs + LEASE_MS });
        } else if (step.act === 'releaseOwner') {
          await writer.run('job.releaseOwner', { owner: step.owner, atMs });
          for (const [id, holder] of held) if (holder.owner === step.owner) held.delete(id);
        } else {
          const jobId = `prepare:${prefix}${step.job}`;
          const isHolder = held.get(jobId)?.owner === step.owner;
          const base = { jobId, owner: step.owner, atMs };
          if (step.act === 'checkpoint') {
            const args = { ...base, leaseMs: LEASE_MS, step: 's', checkpoint: { atMs } };
            assert.equal(await allowed(writer.run('job.checkpoint', args)), isHolder);
            if (isHolder) held.set(jobId, { owner: step.owner, untilMs: atMs + LEASE_MS });
          } else {
            const retryAtMs = step.act === 'retry' ? atMs : null;
            const args = { ...base, error: `e${atMs}`, retryAtMs };
            const done = step.act === 'finish' ? writer.run('job.finish', base) : writer.run('job.fail', args);
            if (isHolder) assert.ok(await allowed(done));
            else await allowed(done);
            if (isHolder) held.delete(jobId);
          }
        }
      }
      // Nothing of this round may be left to claim in the next one.
      for (let index = 0; index < SUBJECTS; index += 1)
        await writer.run('plan.transition', { planId: `${prefix}${index}`, to: 'expired', reason: null, atMs });
      for (const id of held.keys()) {
        const holder = held.get(id)?.owner ?? '';
        await writer.run('job.fail', { jobId: id, owner: holder, error: 'over', retryAtMs: null, atMs });
      }
    }),
    { numRuns: 60 },
  );
});

test('an expired lease is taken over with its checkpoint, and the first owner is told', async () => {
  await using studio = await temporaryStudio();
  const { writer } = studio;
  await addJobs(studio, 'p');
  const claim = { kinds: ['prepare' as const, 'transition' as const], leaseMs: LEASE_MS };
  const first = await writer.run('job.claim', { ...claim, owner: 'anna', atMs: 0 });
  assert.ok(first);
  assert.equal(first.attempts, 1);
  await writer.run('job.checkpoint', {
    jobId: first.id,
    owner: 'anna',
    leaseMs: LEASE_MS,
    step: 'inspect',
    checkpoint: { streams: 2 },
    atMs: 5,
  });
  for (let index = 1; index < SUBJECTS; index += 1) await writer.run('job.claim', { ...claim, owner: 'ben', atMs: 6 });
  assert.equal(await writer.run('job.claim', { ...claim, owner: 'ben', atMs: 14 }), null);
  const second = await writer.run('job.claim', { ...claim, owner: 'ben', atMs: 15 });
  assert.deepEqual(second, { ...first, attempts: 2, step: 'inspect', checkpoint: { streams: 2 } });
  await assert.rejects(writer.run('job.finish', { jobId: first.id, owner: 'anna', atMs: 16 }), { code: 'CONFLICT' });
  await writer.run('job.finish', { jobId: first.id, owner: 'ben', atMs: 17 });
  await writer.run('job.finish', { jobId: first.id, owner: 'ben', atMs: 17 });
});

test('a failed job waits for its time, with its error and attempts kept', async () => {
  await using studio = await temporaryStudio();
  const { writer } = studio;
  await addJobs(studio, 'p');
  await writer.run('plan.transition', { planId: 'p1', to: 'planned', reason: null, atMs: 0 });
  await writer.run('plan.transition', { planId: 'p2', to: 'planned', reason: null, atMs: 0 });
  const claim = { owner: 'anna', kinds: ['prepare' as const], leaseMs: LEASE_MS };
  const job = await writer.run('job.claim', { ...claim, atMs: 0 });
  assert.ok(job);
  const fail = { jobId: job.id, owner: 'anna', error: 'ffmpeg ended', retryAtMs: 100, atMs: 5 };
  await writer.run('job.fail', fail);
  await writer.run('job.fail', fail);
  assert.equal(await writer.run('job.claim', { ...claim, atMs: 99 }), null);
  const again = await writer.run('job.claim', { ...claim, atMs: 100 });
  assert.equal(again?.lastError, 'ffmpeg ended');
  assert.equal(again?.attempts, 2);
  await writer.run('job.fail', { ...fail, retryAtMs: null, atMs: 101 });
  assert.equal(await writer.run('job.claim', { ...claim, atMs: 10_000 }), null);
});
