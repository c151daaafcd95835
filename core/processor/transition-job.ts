import { describeError, StudioError } from '../contract/errors.ts';
import { childrenFolder } from '../media/child-record.ts';
import { readAssetIndex } from '../media/mpegts/asset-index-file.ts';
import type { JobLease } from './job-lease.ts';
import type { PrepareJobContext } from './prepare/prepare-job.ts';
import type { Piece } from './transition/excerpt.ts';
import { renderTransition } from './transition/render-transition.ts';
import { jobWorkFolder } from './work-folder.ts';

const MAX_ATTEMPTS = 3;
const RETRY_MS = 5_000;

/** Runs one `transition` job: the crossfade is ready, or failed for good; a missing one is a cut on air. */
export async function runTransitionJob(lease: JobLease, context: Omit<PrepareJobContext, 'canCompare'>): Promise<void> {
  const { reader, store, clock, paths, profile, logger } = context;
  const { job } = lease;
  const row = reader.transitionById(job.subjectId);
  if (row?.state !== 'wanted') return lease.finish();
  const title = [row.fromAssetId, row.toAssetId].map((id) => reader.asset(id)?.title ?? id).join(' → ');
  const progress = { jobId: job.id, kind: 'transition' as const, planId: null, title, step: 'render' };
  context.onProgress({ ...progress, fraction: null, speed: null, encoder: 'libx264' });
  const piece = async (assetId: string): Promise<Piece> => {
    const { media, index } = paths.asset(assetId);
    return { mediaPath: media, index: await readAssetIndex(index) };
  };
  try {
    const rendered = await renderTransition({
      from: await piece(row.fromAssetId),
      to: await piece(row.toAssetId),
      profile,
      outFolder: paths.transitions,
      work: jobWorkFolder(paths, job.id),
      id: row.id,
      tools: context.tools,
      logger,
      signal: context.signal,
      nice: context.nice,
      children: childrenFolder(paths.run),
    });
    if (context.headerHash !== null && rendered.headerHash !== context.headerHash)
      throw new StudioError('HOUSE_MISMATCH', `crossfade ${row.id} has other SPS and PPS than the channel`);
    await store.run('transition.ready', { id: row.id, ...rendered, atMs: clock.wallMs() });
    await lease.finish();
  } catch (error) {
    if (context.signal.aborted) throw error;
    const message = describeError(error);
    logger.warn({ err: error, transition: row.id, title }, 'a crossfade could not be rendered');
    if (job.attempts < MAX_ATTEMPTS) return lease.fail(message, RETRY_MS);
    await store.run('transition.failed', { id: row.id, error: message, atMs: clock.wallMs() });
    await lease.fail(message, null);
  }
}
