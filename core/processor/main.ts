import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { probeCapabilities } from '../media/capabilities.ts';
import { childrenFolder, sweepOrphans } from '../media/child-record.ts';
import { locateTools } from '../media/tools.ts';
import { type DaemonContext, runDaemon } from '../store/daemon-process.ts';
import { DiskGuard } from './disk-guard.ts';
import { HouseKeeper } from './house-keeper.ts';
import type { JobLease } from './job-lease.ts';
import { JobRunner } from './job-runner.ts';
import { takeLeaseOwner } from './lease-owner.ts';
import { runPrepareJob } from './prepare/prepare-job.ts';
import { readProcessorSettings } from './processor-settings.ts';
import { ProgressBoard } from './progress-board.ts';
import { pruneTransitions } from './transition/prune-transitions.ts';
import { runTransitionJob } from './transition-job.ts';
import { WatchFolder } from './watch-folder.ts';

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));

/** Due retries and expired leases make no wake-up call. */
const POLL_MS = 5_000;
const DISK_CHECK_MS = 5_000;
const PRUNE_MS = 10 * 60_000;
/** The emergency loop may not be needed for months: it is checked as often as the page speaks of it. */
const HOUSE_CHECK_MS = 6 * 60 * 60_000;
/** Encodes yield to the engine; crossfades less, since they are wanted soon. */
const PREPARE_NICE = 10;
const TRANSITION_NICE = 5;
/** Joins ahead that may have a crossfade. */
const NEAR_QUEUE = 200;

runDaemon({ name: 'processor', start });

async function start(daemon: DaemonContext): Promise<void> {
  const { paths, channelId, store, clock, logger, signal, onWake, onStop } = daemon;
  const reader = daemon.openReader();
  const settings = () => readProcessorSettings(reader);
  await mkdir(paths.work, { recursive: true });
  const owner = await takeLeaseOwner(paths, store, clock);
  await sweepOrphans(childrenFolder(paths.run), logger);
  const { ffmpeg_path: ffmpegPath, ffprobe_path: ffprobePath } = settings();
  const tools = await locateTools({
    settings: { ffmpegPath, ffprobePath },
    resourcesDir: RESOURCES,
    toolsFolder: paths.tools,
  });

  const board = new ProgressBoard((jobs) => daemon.reportProgress(jobs), clock);
  const reserveBytes = () => settings().disk_reserve_bytes;
  const disk = new DiskGuard({ folder: paths.work, channelId, reserveBytes, store, clock, logger });
  const house = new HouseKeeper({
    ...{ channelId, paths, tools, store, reader, clock, logger, signal },
    onProgress: (progress) => board.set(progress),
    onEnd: (jobId) => board.end(jobId),
    onReady: () => void runner.wake(),
  });
  const canCompare = probeCapabilities({ tools, toolsFolder: paths.tools, logger, signal, nice: PREPARE_NICE }).then(
    ({ filters }) => filters.libvmaf,
    (error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'ffmpeg could not be tried out: assets are not compared');
      return false;
    },
  );

  const run = async (lease: JobLease): Promise<void> => {
    const current = house.current;
    if (!current) return lease.fail('the house pieces are being made', POLL_MS);
    const { kind, id } = lease.job;
    const context = {
      ...{ channelId, paths, tools, store, reader, clock, logger },
      ...current,
      signal: AbortSignal.any([signal, disk.signal, lease.signal]),
      onProgress: board.set.bind(board),
    };
    try {
      if (kind === 'transition') await runTransitionJob(lease, { ...context, nice: TRANSITION_NICE });
      else await runPrepareJob(lease, { ...context, nice: PREPARE_NICE, canCompare: await canCompare });
    } finally {
      board.end(id);
    }
  };
  const slots = (kind: 'prepare' | 'transition') => {
    if (!house.current || disk.full) return 0;
    return kind === 'transition' ? 1 : settings().max_concurrent_transcodes;
  };
  const runner = new JobRunner({ owner, store, clock, logger, signal, slots, run });
  const library = new WatchFolder({ channelId, store, reader, clock, logger });

  const checkDisk = (): Promise<unknown> =>
    disk
      .check()
      .catch((error: unknown) => logger.warn({ err: error }, 'could not measure the free space, or tell of it'));
  await checkDisk();
  const timers = [
    setInterval(() => void runner.wake(), POLL_MS),
    setInterval(() => void checkDisk().then(() => runner.wake()), DISK_CHECK_MS),
    setInterval(() => {
      pruneTransitions(paths.transitions, wantedTransitions(), { clock, logger })
        .then((ids) => (ids.length > 0 ? store.run('transition.forget', { ids }) : null))
        .catch((error: unknown) => logger.warn({ err: error }, 'could not tidy the crossfades'));
    }, PRUNE_MS),
    setInterval(() => house.check(), HOUSE_CHECK_MS),
  ];
  const wantedTransitions = (): Set<string> => {
    const assets = reader.queue(channelId, NEAR_QUEUE).map(({ asset }) => asset);
    const pairs = assets.slice(1).map((to, at) => reader.transition(assets[at]?.id ?? '', to.id, to.profileId));
    return new Set(pairs.flatMap((row) => (row ? [row.id] : [])));
  };
  onWake(['jobs', 'settings'], () => void runner.wake());
  onWake(['channel'], () => house.wake());
  onWake(['library'], () => library.wake());
  onStop(async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all([library.stop(), house.settled(), runner.stop()]);
    board[Symbol.dispose]();
    reader[Symbol.dispose]();
  });
  house.wake();
  library.wake();
}
