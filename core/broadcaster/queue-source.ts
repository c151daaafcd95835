import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Destination } from '../contract/destination.ts';
import { describeError } from '../contract/errors.ts';
import type { DataPaths } from '../platform/data-paths.ts';
import type { Logger } from '../platform/logger.ts';
import { openStudioReader } from '../store/open-studio-reader.ts';
import type { StudioReader } from '../store/studio-reader.ts';

/** Queue items looked at ahead; the rest is only counted. */
const LOOK_AHEAD = 32;

/** An item that could air: what the engine needs to know of a queue row and its asset. */
export interface Candidate {
  readonly queueItemId: string;
  readonly assetId: string;
  readonly title: string;
  readonly frames: number;
  readonly path: string;
}

/** What the engine reads of the studio. */
export interface StudioSnapshot {
  readonly candidates: readonly Candidate[];
  /** Ready material in the whole queue, ms, whatever is on air included or not as the store counts it. */
  readonly bufferMs: number;
  readonly destinations: readonly Destination[];
}

const NOTHING: StudioSnapshot = { candidates: [], bufferMs: 0, destinations: [] };

/**
 * The engine's view of the studio database. It only reads, and it never fails: while the database is missing, locked or
 * broken, what was last known stays valid, and with nothing known the channel shows its emergency loop.
 */
export class QueueSource {
  readonly #paths: DataPaths;
  readonly #channelId: string;
  readonly #log: Logger;
  #reader: StudioReader | null = null;
  #profileId: string | null = null;
  /** The file that the connection was opened on; null when there was none. */
  #file: string | null = null;
  #version = -1;
  #snapshot = NOTHING;
  #complained: string | null = null;
  /** Items that aired, oldest first. Their rows stay in the queue until a host imports the journal, and it may be dead. */
  #aired: Set<string>;

  constructor(paths: DataPaths, channelId: string, log: Logger, aired: readonly string[]) {
    this.#paths = paths;
    this.#channelId = channelId;
    this.#log = log;
    this.#aired = new Set(aired);
  }

  get snapshot(): StudioSnapshot {
    return this.#snapshot;
  }

  /** House format of the channel as the store has it; null when that cannot be read. */
  channelProfileId(): string | null {
    return this.#guard(null, (reader) => reader.channel(this.#channelId)?.profileId ?? null);
  }

  /** From now on only items of this house format are candidates: others are no damage, they belong to another engine. */
  takeOnly(profileId: string): void {
    this.#profileId = profileId;
    this.refresh(true);
  }

  /** False when an asset is known to be of another house format than the one on air. */
  fits(assetId: string): boolean {
    return this.#guard(true, (reader) => (reader.asset(assetId)?.profileId ?? this.#profileId) === this.#profileId);
  }

  /** An item has aired and must not air again, whatever the database says. */
  markAired(queueItemId: string): void {
    this.#aired.add(queueItemId);
    this.#snapshot = {
      ...this.#snapshot,
      candidates: this.#snapshot.candidates.filter((candidate) => candidate.queueItemId !== queueItemId),
    };
  }

  /** Reads again when the database changed, or in any case with `force`. True when there is something new. */
  refresh(force = false): boolean {
    if (this.#replaced()) {
      this.#log.info('another studio database took the place of the one before');
      this.#drop();
    }
    return this.#guard(false, (reader) => {
      const version = reader.dataVersion();
      if (version === this.#version && !force) return false;
      this.#version = version;
      this.#snapshot = this.#read(reader);
      return true;
    });
  }

  /** Path of the rendered crossfade between two assets, when there is one; null means a cut. */
  transitionPath(fromAssetId: string, toAssetId: string, profileId: string): string | null {
    return this.#guard(null, (reader) => {
      const row = reader.transition(fromAssetId, toAssetId, profileId);
      return row?.state === 'ready' ? join(this.#paths.transitions, `${row.id}.ts`) : null;
    });
  }

  setting(key: string): unknown {
    return this.#guard(null, (reader) => reader.setting(key));
  }

  close(): void {
    this.#reader?.[Symbol.dispose]();
    this.#reader = null;
  }

  #read(reader: StudioReader): StudioSnapshot {
    const rows = reader.queue(this.#channelId, LOOK_AHEAD + this.#aired.size);
    const present = new Set(rows.map(({ item }) => item.id));
    const newest = [...this.#aired].slice(-LOOK_AHEAD);
    this.#aired = new Set([...[...this.#aired].filter((id) => present.has(id)), ...newest]);
    const candidates = rows
      .filter(({ asset }) => this.#profileId === null || asset.profileId === this.#profileId)
      .filter(({ item, asset }) => asset.state === 'ready' && !this.#aired.has(item.id))
      .map(({ item, asset }) => ({
        queueItemId: item.id,
        assetId: asset.id,
        title: asset.title,
        frames: asset.frames,
        path: this.#paths.asset(asset.id).media,
      }));
    return {
      candidates,
      bufferMs: reader.bufferMs(this.#channelId),
      destinations: reader.destinations(this.#channelId),
    };
  }

  #guard<T>(otherwise: T, read: (reader: StudioReader) => T): T {
    try {
      // The identity first: a file that is replaced in between is then noticed the next time.
      if (this.#reader === null) this.#file = this.#identity();
      this.#reader ??= openStudioReader(this.#paths.studioDb);
      const result = read(this.#reader);
      if (this.#complained !== null) this.#log.info('the studio database can be read again');
      this.#complained = null;
      return result;
    } catch (error) {
      const reason = describeError(error);
      if (reason !== this.#complained)
        this.#log.warn({ reason }, 'the studio database cannot be read; going on with what is known');
      this.#complained = reason;
      this.#drop();
      return otherwise;
    }
  }

  /** True when the path leads to another file than the one that is open; that one would never change again. A file that is gone is none. */
  #replaced(): boolean {
    const now = this.#identity();
    return this.#reader !== null && now !== null && now !== this.#file;
  }

  #identity(): string | null {
    const file = statSync(this.#paths.studioDb, { throwIfNoEntry: false, bigint: true });
    return file === undefined ? null : `${file.dev}:${file.ino}`;
  }

  /** A connection that failed once is not used again: the file may have been replaced under it. */
  #drop(): void {
    const reader = this.#reader;
    this.#reader = null;
    this.#version = -1;
    try {
      reader?.[Symbol.dispose]();
    } catch (error) {
      this.#log.debug({ err: error }, 'closing a failed database connection');
    }
  }
}
