import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroadcasterCommand } from '../contract/broadcaster-protocol.ts';
import type { BroadcasterStatus } from '../contract/broadcaster-status.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { EngineMetrics } from './engine-metrics.ts';
import { engineStatus } from './engine-status.ts';
import type { FanOut } from './fan-out.ts';
import type { GopCache } from './gop-cache.ts';
import { type HousePieces, loadHousePieces } from './house-pieces.ts';
import type { JournalDraft, JournalFile } from './journal-file.ts';
import type { JournalState } from './journal-state.ts';
import type { OutputChunk } from './output-chunk.ts';
import { Pacer } from './pacer.ts';
import { Playout } from './playout.ts';
import { Program } from './program.ts';
import type { PusherSet } from './pusher-set.ts';
import type { Candidate, QueueSource } from './queue-source.ts';
import { nextKeyframe, resumeFrame } from './resume-point.ts';
import { Splicer } from './splicer.ts';

/** The database is looked at, the pushers and the engine itself measured, and the status sent. */
const CARE_EVERY_MS = 1_000;
/** The emergency loop may be rendered, or rendered anew, while the channel is on air. */
const HOUSE_EVERY_MS = 30_000;

export interface EngineOptions {
  readonly paths: DataPaths;
  readonly channelId: string;
  readonly houseFolder: string;
  readonly house: HousePieces;
  readonly journal: JournalFile;
  readonly state: JournalState;
  readonly queue: QueueSource;
  readonly cache: GopCache;
  readonly fanOut: FanOut;
  readonly fanoutPort: number;
  readonly pushers: PusherSet;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onStatus: () => void;
  readonly onJournal: () => void;
}

/** The channel on air: splicer, programme, clock and sinks, tied together. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #splicer: Splicer;
  readonly #program: Program;
  readonly #pacer: Pacer;
  readonly #metrics: EngineMetrics;
  readonly #startedAtMs: number;
  readonly onAirSinceMs: number;
  #care: NodeJS.Timeout | null = null;
  #houseCare: NodeJS.Timeout | null = null;
  #changed = false;
  #houseModifiedMs = 0;

  constructor(options: EngineOptions) {
    const { house, clock, state, queue, log } = options;
    this.#options = options;
    this.#startedAtMs = clock.wallMs();
    this.onAirSinceMs = state.onAirSinceMs ?? this.#startedAtMs;
    this.#metrics = new EngineMetrics(clock);
    this.#splicer = new Splicer(house.profile, house.silence);
    this.#program = new Program({
      house,
      queue,
      cutter: this.#splicer,
      journal: (draft) => this.#journal(draft),
      log,
      clock,
      emergency: state.emergency,
      hold: state.hold,
      onChange: () => this.#noteChange(),
    });
    const playout = new Playout(this.#splicer, this.#program, clock, (chunk) => this.#send(chunk));
    this.#pacer = new Pacer({
      clock,
      endTicks: () => this.#splicer.endTicks,
      produce: (limitTicks) => playout.produce(limitTicks),
      onReanchor: (missedMs) => this.#reanchored(missedMs),
    });
  }

  /** Opens what is to air and goes on air. */
  async start(): Promise<void> {
    const { state, clock } = this.#options;
    this.#journalEngine('started', state.onAirSinceMs === null ? 'on air' : 'on air again after the engine was lost');
    await this.#program.prepare(this.#resumeTarget(clock.wallMs()));
    this.#pacer.start();
    this.#care = setInterval(() => this.#takeCare(), CARE_EVERY_MS);
    this.#houseCare = setInterval(() => void this.#reloadHouse(), HOUSE_EVERY_MS);
  }

  /** Goes off air and says so in the journal. */
  async stop(detail: string): Promise<void> {
    const { pushers, fanOut, journal, queue } = this.#options;
    this.#pacer.stop();
    for (const timer of [this.#care, this.#houseCare]) if (timer) clearInterval(timer);
    this.#program.stop();
    this.#journalEngine('stopped', detail);
    await pushers.end();
    fanOut.close();
    journal.close();
    queue.close();
  }

  /** Runs a command of the control socket; what it changes is on its way to the sinks when it returns. */
  async run(command: BroadcasterCommand): Promise<void> {
    switch (command.name) {
      case 'take':
        await this.#program.take(command.queueItemId, 'taken');
        break;
      case 'skip':
        await this.#program.take(undefined, 'skipped');
        break;
      case 'hold':
        this.#program.hold(command.on);
        break;
      case 'emergency':
        this.#program.emergency(command.on);
        break;
      case 'reconnect':
        this.#options.pushers.reconnect(command.destinationId);
        break;
      case 'wake':
        this.#refresh();
        break;
      default:
        return;
    }
    this.#pacer.hurry();
  }

  status(): BroadcasterStatus {
    const { clock, house, pushers, fanOut, fanoutPort, queue } = this.#options;
    return engineStatus({
      nowMs: clock.wallMs(),
      profile: house.profile,
      program: this.#program,
      splicer: this.#splicer,
      load: this.#metrics.load,
      lateness: this.#pacer.lateness(),
      destinations: pushers.statuses(),
      previewClients: fanOut.clients,
      bufferMs: queue.snapshot.bufferMs,
      onAirSinceMs: this.onAirSinceMs,
      engineStartedAtMs: this.#startedAtMs,
      fanoutPort,
    });
  }

  #send(chunk: OutputChunk): boolean {
    const { cache, pushers, fanOut } = this.#options;
    cache.write(chunk);
    this.#metrics.write(chunk);
    const pushersHold = pushers.write(chunk);
    return fanOut.write(chunk) || pushersHold;
  }

  /** What to go on with after the engine was lost; also closes the row that the lost engine left open. */
  #resumeTarget(nowMs: number): { candidate: Candidate; fromFrame: number; resumed: boolean } | null {
    const { state, house, paths, queue } = this.#options;
    const { fps, gopFrames } = house.profile;
    const lost = state.onAir;
    if (lost) {
      const asset = lost.queueItemId !== null && lost.assetId !== null && queue.fits(lost.assetId);
      const fromFrame = asset && !state.emergency ? resumeFrame(lost, nowMs, fps, gopFrames) : null;
      const toFrame = Math.min(lost.frames, fromFrame ?? lost.frames);
      const { asRunId, queueItemId } = lost;
      const willResume = fromFrame !== null;
      this.#journal({ type: 'end', atMs: nowMs, asRunId, queueItemId, toFrame, reason: 'engine_lost', willResume });
      if (queueItemId !== null && !willResume) queue.markAired(queueItemId);
      if (queueItemId !== null && lost.assetId !== null && fromFrame !== null) {
        const path = paths.asset(lost.assetId).media;
        const { assetId, title, frames } = lost;
        return { candidate: { queueItemId, assetId, title, frames, path }, fromFrame, resumed: true };
      }
    }
    const { interrupted } = state;
    const fromFrame = interrupted && nextKeyframe(interrupted.frame, gopFrames, interrupted.frames);
    if (!interrupted || fromFrame === null || !queue.fits(interrupted.assetId)) return null;
    return { candidate: { ...interrupted, path: paths.asset(interrupted.assetId).media }, fromFrame, resumed: true };
  }

  #refresh(): void {
    const { queue, pushers } = this.#options;
    if (!queue.refresh()) return;
    pushers.update(queue.snapshot.destinations);
    this.#noteChange();
  }

  #takeCare(): void {
    this.#refresh();
    this.#options.pushers.check();
    this.#metrics.sample();
    this.#options.onStatus();
  }

  async #reloadHouse(): Promise<void> {
    const { houseFolder, house, log } = this.#options;
    try {
      const { mtimeMs } = await stat(join(houseFolder, 'manifest.json'));
      if (mtimeMs === this.#houseModifiedMs) return;
      this.#houseModifiedMs = mtimeMs;
      const fresh = await loadHousePieces(houseFolder, log, this.#program.house);
      if (fresh.identity.headerHash === house.identity.headerHash) this.#program.house = fresh;
      else log.error({ houseFolder }, 'the house pieces on disk are of another format; the ones in memory stay');
    } catch (error) {
      log.warn({ err: error }, 'the house pieces cannot be read again; the ones in memory stay');
    }
  }

  #reanchored(missedMs: number): void {
    this.#options.log.warn({ missedMs }, 'the process had been suspended; what was missed is left out');
    this.#journalEngine('reanchored', `suspended for ${Math.round(missedMs)} ms`);
  }

  #journalEngine(event: 'started' | 'stopped' | 'reanchored', detail: string): void {
    const atMs = this.#options.clock.wallMs();
    this.#journal({ type: 'engine', atMs, event, onAirSinceMs: this.onAirSinceMs, pid: process.pid, detail });
  }

  #journal(draft: JournalDraft): void {
    this.#options.journal.append(draft);
    this.#options.onJournal();
  }

  /** Several things change together, at a splice for one: they are told once, after this turn of the event loop. */
  #noteChange(): void {
    if (this.#changed) return;
    this.#changed = true;
    setImmediate(() => {
      this.#changed = false;
      this.#options.onStatus();
    });
  }
}
