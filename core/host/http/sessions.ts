import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { readPrivateFile, writePrivateFile } from '../../platform/private-file.ts';

const fileSchema = z.object({
  /** SHA-256 of each session's secret: the file alone opens nothing. */
  sessions: z.array(z.object({ hash: z.string(), lastSeenMs: z.number() })),
  /** Lets a player without a cookie (VLC, ffplay) read the program. */
  watchToken: z.string(),
});

const SESSION_LIFE_MS = 30 * 24 * 3600_000;
export const LINK_LIFE_MS = 15 * 60_000;
const MOST_SESSIONS = 50;
/** A session's last use is written at most this often. */
const TOUCH_MS = 3600_000;

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const secret = (): string => randomBytes(24).toString('base64url');

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}

/** Who may use the control room: one-time links become sessions; sessions outlive the host. */
export class Sessions {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #sessions: Map<string, number>;
  readonly #links = new Map<string, number>();
  readonly #onSaveError: (error: unknown) => void;
  #saving: Promise<void> = Promise.resolve();
  readonly watchToken: string;

  private constructor(
    path: string,
    clock: Clock,
    onSaveError: (error: unknown) => void,
    known: z.infer<typeof fileSchema> | null,
  ) {
    this.#onSaveError = onSaveError;
    this.#path = path;
    this.#clock = clock;
    this.#sessions = new Map(known?.sessions.map(({ hash, lastSeenMs }) => [hash, lastSeenMs]));
    this.watchToken = known?.watchToken ?? secret();
  }

  /** Reads `<data>/run/sessions.json`; a file that is no longer usable means that everybody opens a new link. */
  static async open(path: string, clock: Clock, onSaveError: (error: unknown) => void): Promise<Sessions> {
    const text = await readPrivateFile(path);
    let known: z.infer<typeof fileSchema> | null = null;
    try {
      known = text === null ? null : (fileSchema.safeParse(JSON.parse(text)).data ?? null);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const sessions = new Sessions(path, clock, onSaveError, known);
    if (!known) await sessions.#save();
    return sessions;
  }

  /** A secret for one use within 15 minutes. */
  createLink(): string {
    const token = secret();
    const nowMs = this.#clock.wallMs();
    for (const [hash, atMs] of this.#links) if (nowMs - atMs > LINK_LIFE_MS) this.#links.delete(hash);
    this.#links.set(digest(token), nowMs);
    return token;
  }

  /** Exchanges a link's secret for a session's. Null when it was used before, is too old, or never existed. */
  async redeem(token: string): Promise<string | null> {
    const hash = digest(token);
    const atMs = this.#links.get(hash);
    this.#links.delete(hash);
    if (atMs === undefined || this.#clock.wallMs() - atMs > LINK_LIFE_MS) return null;
    const session = secret();
    this.#sessions.set(digest(session), this.#clock.wallMs());
    await this.#save();
    return session;
  }

  /** True for a living session; its life starts anew with each use. */
  accepts(session: string): boolean {
    const hash = digest(session);
    const lastSeenMs = this.#sessions.get(hash);
    if (lastSeenMs === undefined) return false;
    const nowMs = this.#clock.wallMs();
    if (nowMs - lastSeenMs > SESSION_LIFE_MS) return false;
    this.#sessions.set(hash, nowMs);
    if (nowMs - lastSeenMs > TOUCH_MS) this.#save().catch(this.#onSaveError);
    return true;
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#saving;
  }

  /** One write after the other, each of the newest state. */
  #save(): Promise<void> {
    const saved = this.#saving.then(() => this.#write());
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #write(): Promise<void> {
    const nowMs = this.#clock.wallMs();
    const sessions = [...this.#sessions]
      .filter(([, lastSeenMs]) => nowMs - lastSeenMs <= SESSION_LIFE_MS)
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_SESSIONS)
      .map(([hash, lastSeenMs]) => ({ hash, lastSeenMs }));
    await writePrivateFile(this.#path, JSON.stringify({ sessions, watchToken: this.watchToken }));
  }
}
