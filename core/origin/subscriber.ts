import type { Writable } from 'node:stream';

/** A player that is behind by this much loses whole GOPs instead of filling memory. */
const LARGEST_BACKLOG_BYTES = 4 * 1024 * 1024;
/** It gets frames again, from a keyframe on, when its backlog is below this. */
const RESUME_BACKLOG_BYTES = 256 * 1024;

/**
 * One player. Frames start at a keyframe; when it does not read fast enough, frames are left out up to a keyframe at
 * which it has caught up. Its connection is never cut for being slow.
 */
export class Subscriber {
  readonly #socket: Writable;
  #waiting = true;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Headers always go out: without them nothing later can be decoded. */
  sendHeader(message: Buffer): void {
    this.#socket.write(message);
  }

  send(message: Buffer, keyframe: boolean): 'sent' | 'dropped' {
    const backlog = this.#socket.writableLength;
    if (keyframe && backlog < RESUME_BACKLOG_BYTES) this.#waiting = false;
    else if (backlog > LARGEST_BACKLOG_BYTES) this.#waiting = true;
    if (this.#waiting) return 'dropped';
    this.#socket.write(message);
    return 'sent';
  }
}
