import { StudioError } from '../contract/errors.ts';
import { transitionFrames } from '../contract/profile.ts';
import { AsRunLog, type EndReason } from './as-run-log.ts';
import { FallbackLoop } from './fallback-loop.ts';
import type { HousePieces } from './house-pieces.ts';
import { type Armed, disposeArmed, PrerollFailure, preroll } from './preroll.ts';
import type { ProgramOptions } from './program-options.ts';
import type { ProgramView } from './program-view.ts';
import type { Candidate } from './queue-source.ts';
import { nextKeyframe } from './resume-point.ts';
import type { Segment } from './segment.ts';
import type { PieceDamage } from './unit-source.ts';

/** What follows is opened and agreed this long before it is due: order changes come too late then, take and skip do not. */
const LOCK_SECONDS = 8;

/** Where an item goes on. */
interface Target {
  readonly candidate: Candidate;
  readonly fromFrame: number;
  readonly resumed: boolean;
}

/**
 * Decides what airs. `next` always answers with a piece that can be spliced at once: what was prerolled, else an error
 * screen while something is being opened, else the emergency loop, else the slate, and the last three are in memory. No
 * state of the queue, the disk or the database can make it answer with nothing.
 *
 * Everything that waits (opening, reading, checking) happens ahead of the air and ends in `#armed`; when it is not ready
 * in time, the air goes on without it.
 */
export class Program {
  readonly #options: ProgramOptions;
  readonly #asRun: AsRunLog;
  readonly #loop = new FallbackLoop();
  #house: HousePieces;
  #emergency: boolean;
  #hold: boolean;
  #current: Segment | null = null;
  /** Agreed segments behind the current one: the body of an item whose crossfade is on air. */
  #upcoming: Segment[] = [];
  #armed: Armed | null = null;
  /** Grows with every change of plan; what was begun under an older number is thrown away when it arrives. */
  #generation = 0;
  #opening = false;
  #interrupted: Target | null = null;
  #onAirCandidate: Candidate | null = null;
  #unplayable = new Set<string>();
  #cutReason: EndReason | null = null;
  crossfades = 0;
  takes = 0;
  damagedPieces = 0;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#house = options.house;
    this.#emergency = options.emergency;
    this.#hold = options.hold;
    this.#asRun = new AsRunLog(options.journal);
  }

  /** The emergency loop was rendered, or rendered anew. */
  get house(): HousePieces {
    return this.#house;
  }

  set house(house: HousePieces) {
    this.#house = house;
  }

  /** Opens what is to air first, so that the first picture is the right one: a resumed item, or the head of the queue. */
  async prepare(resume: Target | null): Promise<void> {
    if (this.#emergency) this.#interrupted = resume;
    else if (resume) await this.#arm(resume);
    if (!this.#armed && !this.#emergency) {
      const [first] = this.#eligible();
      if (first) await this.#arm({ candidate: first, fromFrame: 0, resumed: false });
    }
  }

  /** Called at every tick; opens what follows when its time has come. */
  tick(): void {
    if (this.#opening || !this.#current) return;
    const waiting = this.#current.item.kind !== 'asset';
    if (this.#armed) {
      // Nobody waits for this cut to the frame, so it heals the residual that a take may have left.
      if (waiting && !this.#emergency) this.#options.cutter.cutOnGrid();
      return;
    }
    const due = waiting || this.#current.damageAhead() !== null || this.#remainingFrames() <= this.#lockFrames();
    const target = due ? this.#target() : null;
    if (target) void this.#arm(target);
  }

  /**
   * The piece to splice now. `leaveAtMs` is the wall-clock time at which its first frame leaves; `damage` says why the
   * piece before could not go on.
   */
  next(damage: PieceDamage | null, leaveAtMs: number): Segment {
    const ended = this.#current;
    const position = this.#position();
    const cut = this.#cutReason;
    this.#cutReason = null;
    if (ended && damage) this.#damaged(ended.item.assetId, ended.path, position, `${damage.kind}: ${damage.detail}`);
    const segment = this.#choose(damage !== null, cut !== null);
    ended?.dispose();
    this.#current = segment;
    if (segment.crossfade) this.crossfades++;
    const open = this.#asRun.open;
    if (open?.item !== segment.item) {
      const reason = cut ?? (damage ? 'damaged' : 'finished');
      const again = this.#hold && open?.item.queueItemId === segment.item.queueItemId;
      const willResume = open?.item.kind === 'asset' && (reason === 'emergency' || again);
      this.#asRun.end(position, reason, willResume, leaveAtMs);
      if (open?.item.queueItemId && !willResume) this.#options.queue.markAired(open.item.queueItemId);
      this.#asRun.start(segment.item, segment.itemFrame, leaveAtMs);
      this.#options.onChange();
    }
    return segment;
  }

  /** Cuts to a queue item, or to the next one, as soon as its first GOP is verified. Ends an emergency. */
  async take(queueItemId: string | undefined, reason: 'taken' | 'skipped'): Promise<void> {
    if (reason === 'skipped' && this.#emergency)
      throw new StudioError('CONFLICT', 'the emergency loop is on air: turn the emergency off, or take an item');
    this.#options.queue.refresh(true);
    if (queueItemId !== undefined) {
      const candidate = this.#options.queue.snapshot.candidates.find((entry) => entry.queueItemId === queueItemId);
      if (!candidate) throw new StudioError('NOT_FOUND', `queue item ${queueItemId} is not there or cannot air`);
      await this.#takeNow(candidate, reason);
      return;
    }
    for (const candidate of this.#eligible()) {
      const outcome = await this.#takeNow(candidate, reason).then(
        () => 'done' as const,
        (error: unknown) => {
          if (error instanceof StudioError && error.code === 'ASSET_DAMAGED') return 'damaged' as const;
          throw error;
        },
      );
      if (outcome === 'done') return;
    }
    if (reason === 'taken') throw new StudioError('NOT_FOUND', 'nothing in the queue can air');
    // A skip means "away with this": with nothing behind it, that is the emergency loop.
    this.#disarm();
    this.#cutNow('skipped');
  }

  hold(on: boolean): void {
    if (on === this.#hold) return;
    this.#hold = on;
    this.#disarm();
    this.#journalMode();
  }

  emergency(on: boolean): void {
    if (on === this.#emergency) return;
    this.#emergency = on;
    this.#journalMode();
    if (on) {
      this.#disarm();
      if (this.#current?.item.kind !== 'asset') return;
      this.#interrupted = this.#interruption();
      this.#cutNow('emergency');
    } else this.tick();
  }

  /** Off air: closes the as-run row. The item stays in the queue. */
  stop(): void {
    const open = this.#asRun.open;
    this.#asRun.end(this.#position(), 'stopped', open?.item.kind === 'asset', this.#options.clock.wallMs());
    this.#disarm();
    this.#current?.dispose();
    for (const segment of this.#upcoming) segment.dispose();
  }

  view(): ProgramView {
    const open = this.#asRun.open;
    const loop = open?.item.kind !== 'asset';
    return {
      asRunId: open?.asRunId ?? null,
      item: open?.item ?? null,
      startedAtMs: open?.startedAtMs ?? 0,
      positionFrames: this.#position(),
      remainingFrames: loop ? null : this.#remainingFrames(),
      emergency: this.#emergency,
      hold: this.#hold,
      next: this.#viewNext(),
    };
  }

  #viewNext(): ProgramView['next'] {
    const armed = this.#armed;
    const candidate = armed?.candidate ?? this.#target()?.candidate;
    if (!candidate) return null;
    const { queueItemId, assetId, title } = candidate;
    const join = armed ? armed.join : this.#transitionInto(candidate, 0) ? 'crossfade' : 'cut';
    return { queueItemId, assetId, title, join, locked: armed !== null };
  }

  /** What is to follow, by the mode the channel is in. */
  #target(): Target | null {
    if (this.#interrupted && this.#isQueued(this.#interrupted.candidate)) return this.#interrupted;
    if (this.#emergency) return null;
    const held = this.#hold ? this.#onAirCandidate : null;
    if (held && !this.#unplayable.has(held.queueItemId)) return { candidate: held, fromFrame: 0, resumed: false };
    const [candidate] = this.#eligible();
    return candidate ? { candidate, fromFrame: 0, resumed: false } : null;
  }

  /** An interrupted item that was taken out of the queue meanwhile is not wanted any more. */
  #isQueued({ queueItemId }: Candidate): boolean {
    const { candidates } = this.#options.queue.snapshot;
    return candidates.length === 0 || candidates.some((entry) => entry.queueItemId === queueItemId);
  }

  #eligible(): Candidate[] {
    const onAir = this.#asRun.open?.item.queueItemId;
    return this.#options.queue.snapshot.candidates.filter(
      ({ queueItemId }) => queueItemId !== onAir && !this.#unplayable.has(queueItemId),
    );
  }

  /** Opens a target and keeps it ready. Failing only marks it: the next tick looks for another. */
  async #arm(target: Target): Promise<void> {
    const generation = ++this.#generation;
    const before = this.#last();
    this.#opening = true;
    try {
      const armed = await this.#open(target, this.#transitionInto(target.candidate, target.fromFrame));
      if (generation !== this.#generation) disposeArmed(armed);
      else if (armed.join === 'cut' || this.#leadOut(before)) this.#armed = armed;
      else {
        disposeArmed(armed);
        const cut = await this.#open(target, null);
        if (generation === this.#generation) this.#armed = cut;
        else disposeArmed(cut);
      }
      this.#options.onChange();
    } catch (error) {
      this.#reject(error);
    } finally {
      if (generation === this.#generation) this.#opening = false;
    }
  }

  /**
   * Moves the end of the segment to where the crossfade out of it begins. False when it is too late for that: the item
   * is no longer the last one, or that frame was written already.
   */
  #leadOut(before: Segment | null): boolean {
    const last = this.#last();
    if (!last || last.item !== before?.item) return false;
    const outFrame = last.toFrame - transitionFrames(this.#house.profile);
    const written = last === this.#current ? this.#options.cutter.nextFrame : last.fromFrame;
    if (outFrame <= written) return false;
    this.#moveEnd(last, outFrame);
    return true;
  }

  /** The last segment that is agreed: what follows joins it. */
  #last(): Segment | null {
    return this.#upcoming.at(-1) ?? this.#current;
  }

  #open({ candidate, fromFrame, resumed }: Target, transitionPath: string | null): Promise<Armed> {
    const { profile, identity } = this.#house;
    const onBadTransition = (path: string, reason: string): void => this.#damaged(null, path, 0, reason);
    return preroll({ profile, identity, candidate, fromFrame, resumed, transitionPath, onBadTransition });
  }

  /** The crossfade from what airs last into a candidate; null where there is to be a cut. */
  #transitionInto(candidate: Candidate, fromFrame: number): string | null {
    const last = this.#last();
    const from = last?.item.kind === 'asset' && last.damageAhead() === null ? last.item.assetId : null;
    if (from === null || fromFrame !== 0 || this.#emergency || this.#hold) return null;
    return this.#options.queue.transitionPath(from, candidate.assetId, this.#house.identity.profileId);
  }

  async #takeNow(candidate: Candidate, reason: 'taken' | 'skipped'): Promise<void> {
    const generation = ++this.#generation;
    this.#opening = true;
    try {
      const armed = await this.#open({ candidate, fromFrame: 0, resumed: false }, null);
      // A later command won: it decides what airs, and this one is answered as done.
      if (generation !== this.#generation) return disposeArmed(armed);
      this.#disarm();
      this.#interrupted = null;
      if (this.#emergency) {
        this.#emergency = false;
        this.#journalMode();
      }
      this.#armed = armed;
      this.takes++;
      this.#cutNow(reason);
    } catch (error) {
      this.#reject(error);
      throw new StudioError('ASSET_DAMAGED', `${candidate.title} cannot air`, { cause: error });
    } finally {
      if (generation === this.#generation) this.#opening = false;
    }
  }

  #reject(error: unknown): void {
    if (!(error instanceof PrerollFailure)) throw error;
    const { candidate, path, message } = error;
    this.#unplayable.add(candidate.queueItemId);
    if (this.#interrupted?.candidate.queueItemId === candidate.queueItemId) this.#interrupted = null;
    this.#damaged(candidate.assetId, path, 0, message);
  }

  #damaged(assetId: string | null, path: string, atFrame: number, detail: string): void {
    this.damagedPieces++;
    this.#options.log.error({ assetId, path, atFrame, detail }, 'piece damaged');
    this.#options.journal({ type: 'damage', atMs: this.#options.clock.wallMs(), assetId, path, atFrame, detail });
    this.#options.onChange();
  }

  /** The infallible choice. */
  #choose(damaged: boolean, cut: boolean): Segment {
    const following = this.#upcoming.shift();
    if (following && !cut) return following;
    following?.dispose();
    for (const segment of this.#upcoming.splice(0)) segment.dispose();
    const armed = this.#armed;
    if (armed && !this.#emergency) {
      this.#armed = null;
      this.#interrupted = null;
      this.#onAirCandidate = armed.candidate;
      const [first, ...rest] = armed.segments;
      this.#upcoming = rest;
      return first;
    }
    const soon = (damaged || this.#opening) && !this.#emergency && this.#target() !== null;
    const current = this.#current;
    return this.#loop.next(this.#house, current && { item: current.item, position: this.#position() }, soon);
  }

  #cutNow(reason: EndReason): void {
    this.#cutReason = reason;
    this.#options.cutter.cut();
    this.#options.onChange();
  }

  /** Calls off what was agreed; the item on air plays to its own end again. */
  #disarm(): void {
    this.#generation++;
    this.#opening = false;
    const armed = this.#armed;
    if (!armed) return;
    this.#armed = null;
    disposeArmed(armed);
    const last = this.#last();
    if (armed.join === 'crossfade' && last) this.#moveEnd(last, last.toFrame + transitionFrames(this.#house.profile));
  }

  #moveEnd(segment: Segment, toFrame: number): void {
    segment.toFrame = toFrame;
    if (segment === this.#current) this.#options.cutter.setEnd(toFrame);
  }

  /** Where the item on air goes on after an emergency: the next keyframe of it; null when that is beyond its end. */
  #interruption(): Target | null {
    const candidate = this.#onAirCandidate;
    if (!candidate) return null;
    const frames = this.#current?.item.frames ?? 0;
    const fromFrame = nextKeyframe(this.#position(), this.#house.profile.gopFrames, frames);
    return fromFrame === null ? null : { candidate, fromFrame, resumed: true };
  }

  #position(): number {
    const current = this.#current;
    return current ? current.itemFrame + Math.max(0, this.#options.cutter.nextFrame - current.fromFrame) : 0;
  }

  #remainingFrames(): number {
    const current = this.#current;
    if (!current) return 0;
    const behind = this.#upcoming.reduce((sum, segment) => sum + segment.toFrame - segment.fromFrame, 0);
    return Math.max(0, current.toFrame - this.#options.cutter.nextFrame) + behind;
  }

  #lockFrames(): number {
    return LOCK_SECONDS * this.#house.profile.fps;
  }

  #journalMode(): void {
    this.#options.journal({
      type: 'mode',
      atMs: this.#options.clock.wallMs(),
      emergency: this.#emergency,
      hold: this.#hold,
    });
    this.#options.onChange();
  }
}
