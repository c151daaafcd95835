import type Mpegts from 'mpegts.js';
import { PreviewWatchdog, type RebuildReason } from './preview-watchdog.ts';

export interface PreviewState {
  /** `waiting`: between two players or before the first picture. */
  phase: 'stopped' | 'waiting' | 'playing';
  /** How far the picture is behind the newest frame the engine has sent, ms; null while unknown. */
  behindMs: number | null;
  droppedFrames: number;
  rebuilds: number;
  lastRebuild: RebuildReason | null;
}

const LOOK_EVERY_MS = 250;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;
/** Played this long a player counts as good and the next pause is short again. */
const GOOD_AFTER_MS = 10_000;
const HICCUP_MS = 1200;

const PLAYER_CONFIG: Mpegts.Config = {
  isLive: true,
  enableStashBuffer: false,
  lazyLoad: false,
  liveBufferLatencyChasing: true,
  liveBufferLatencyMaxLatency: 1.2,
  liveBufferLatencyMinRemain: 0.5,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 20,
  autoCleanupMinBackwardDuration: 10,
};

/**
 * Nearer than the first figure the buffer plays at its own speed; farther away a little faster, with the pitch kept, until
 * it is near again. Seconds behind the newest frame.
 */
const CHASE_ABOVE_SECONDS = 0.8;
const CHASE_UNTIL_SECONDS = 0.55;
const CHASE_HARD_ABOVE_SECONDS = 1.1;
const CHASE_RATE = 1.06;
const CHASE_HARD_RATE = 1.15;

/**
 * Shows `/program.ts` in a video element and keeps it alive: a watchdog rebuilds the player on error, end, stall, drift,
 * return of a hidden tab, and every six hours. The player itself is loaded when the first one is built.
 */
export class PreviewPlayer {
  readonly #element: HTMLVideoElement;
  readonly #url: string;
  readonly #onState: (state: PreviewState) => void;
  #player: Mpegts.Player | null = null;
  #watchdog: PreviewWatchdog | null = null;
  #builtAtMs = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #error: string | null = null;
  #ended = false;
  #headSeconds = -1;
  #headAtMs = 0;
  #flowedAtMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #rebuildTimer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #state: PreviewState = { phase: 'stopped', behindMs: null, droppedFrames: 0, rebuilds: 0, lastRebuild: null };

  constructor(element: HTMLVideoElement, url: string, onState: (state: PreviewState) => void) {
    this.#element = element;
    this.#url = url;
    this.#onState = onState;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#tell({ phase: 'waiting' });
    void this.#build();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    this.#running = false;
    clearInterval(this.#timer);
    clearTimeout(this.#rebuildTimer);
    this.#destroy();
    this.#tell({ phase: 'stopped', behindMs: null });
  }

  async #build(): Promise<void> {
    const { default: mpegts } = await import('mpegts.js');
    if (!this.#running || this.#player) return;
    mpegts.LoggingControl.enableAll = false;
    this.#error = null;
    this.#ended = false;
    this.#headSeconds = -1;
    this.#flowedAtMs = 0;
    this.#builtAtMs = Date.now();
    this.#watchdog = new PreviewWatchdog(this.#builtAtMs);
    const player = mpegts.createPlayer({ type: 'mpegts', isLive: true, url: this.#url }, PLAYER_CONFIG);
    this.#player = player;
    player.on(mpegts.Events.ERROR, (type: string, detail: string) => {
      if (this.#player === player) this.#error = `${type}: ${detail}`;
    });
    player.on(mpegts.Events.LOADING_COMPLETE, () => {
      if (this.#player === player) this.#ended = true;
    });
    player.attachMediaElement(this.#element);
    player.load();
    this.#play();
  }

  #play(): void {
    this.#element.play().catch((error: unknown) => {
      // Sound needs a gesture first in most browsers: the picture starts without it.
      if (error instanceof DOMException && error.name === 'NotAllowedError' && !this.#element.muted) {
        this.#element.muted = true;
        this.#play();
      }
    });
  }

  #look(): void {
    if (!this.#player || !this.#watchdog) return;
    const element = this.#element;
    const nowMs = Date.now();
    const buffered = element.buffered;
    const headSeconds = buffered.length > 0 ? buffered.end(buffered.length - 1) : null;
    if (headSeconds !== null && headSeconds !== this.#headSeconds) {
      this.#headSeconds = headSeconds;
      this.#headAtMs = nowMs;
    }
    const reason = this.#watchdog.look({
      nowMs,
      playedSeconds: element.currentTime,
      headSeconds,
      hidden: document.hidden,
      ended: this.#ended || element.ended,
      error: this.#error ?? (element.error ? element.error.message : null),
    });
    if (reason) {
      this.#rebuild(reason);
      return;
    }
    if (element.paused && !document.hidden) this.#play();
    const flowing = headSeconds !== null && element.currentTime > 0 && !element.paused && element.readyState >= 3;
    if (flowing) this.#flowedAtMs = nowMs;
    // A hiccup is not the end of the picture: it stays until it has stood still for a while.
    const playing = nowMs - this.#flowedAtMs < HICCUP_MS;
    const behindSeconds = headSeconds === null ? null : headSeconds - element.currentTime;
    if (behindSeconds !== null) this.#chase(behindSeconds);
    if (nowMs - this.#builtAtMs > GOOD_AFTER_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#tell({
      phase: playing ? 'playing' : 'waiting',
      behindMs: playing && behindSeconds !== null ? behindSeconds * 1000 + (nowMs - this.#headAtMs) : null,
      droppedFrames: element.getVideoPlaybackQuality().droppedVideoFrames,
    });
  }

  /** Seeking is seen and heard; a slightly faster clock is not. The player's own seek stays as the last resort. */
  #chase(behindSeconds: number): void {
    const element = this.#element;
    if (behindSeconds > CHASE_HARD_ABOVE_SECONDS) element.playbackRate = CHASE_HARD_RATE;
    else if (behindSeconds > CHASE_ABOVE_SECONDS) element.playbackRate = CHASE_RATE;
    else if (behindSeconds < CHASE_UNTIL_SECONDS && element.playbackRate !== 1) element.playbackRate = 1;
  }

  #rebuild(reason: RebuildReason): void {
    this.#destroy();
    this.#tell({ phase: 'waiting', behindMs: null, rebuilds: this.#state.rebuilds + 1, lastRebuild: reason });
    const pause = reason === 'returned' || reason === 'age' ? 0 : this.#pauseMs;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    this.#rebuildTimer = setTimeout(() => void this.#build(), pause);
  }

  #destroy(): void {
    const player = this.#player;
    this.#player = null;
    this.#watchdog = null;
    this.#element.playbackRate = 1;
    player?.destroy();
  }

  #tell(change: Partial<PreviewState>): void {
    this.#state = { ...this.#state, ...change };
    this.#onState(this.#state);
  }
}
