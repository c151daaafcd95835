import { describeError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';
import type { ChooseNext } from './choose-next.ts';
import { placeFreshAssets } from './fresh-assets.ts';
import { retryLostAssets } from './lost-assets.ts';
import { nearJoins } from './near-joins.ts';
import { selectPlans } from './plan-selection.ts';
import { planRefill } from './refill.ts';

export interface PlannerOptions {
  reader: StudioReader;
  store: StoreClient;
  channelId: string;
  choose: ChooseNext;
  clock: Clock;
  logger: Logger;
}

const DEFAULT_TARGET_HOURS = 6;

/**
 * The first, simple planner: it keeps the queue at its target depth by rotation, lets new assets in early, says which joins
 * want a crossfade, and chooses which plans are prepared next. It holds no state but what is in the store.
 */
export class Planner {
  readonly #options: PlannerOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #joins = '';

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** Looks at everything once more; calls while it is at it lead to one more pass afterwards. Never rejects: a failed pass is logged and the next one tries again. */
  wake(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#passUntilQuiet();
    return this.#running;
  }

  /** Lets the pass under way finish and begins no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** One look at everything. Converges: a second pass over an unchanged studio changes nothing. */
  async pass(): Promise<void> {
    const { reader, channelId, store, clock } = this.#options;
    const atMs = clock.wallMs();
    await Promise.all(retryLostAssets(reader, channelId, atMs).map((args) => store.run('plan.retry', args)));
    await Promise.all(selectPlans(reader, channelId, atMs).map((args) => store.run('plan.select', args)));
    await Promise.all(placeFreshAssets(reader, channelId, atMs).map((args) => store.run('queue.add', args)));
    await this.#refill(atMs);
    await this.#wantJoins(atMs);
  }

  async #passUntilQuiet(): Promise<void> {
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        await this.pass();
      }
    } catch (error) {
      if (this.#stopped) return;
      this.#options.logger.warn({ err: error, reason: describeError(error) }, 'planning failed, tried again later');
    } finally {
      this.#running = null;
    }
  }

  async #refill(atMs: number): Promise<void> {
    const { reader, channelId, choose, store, logger } = this.#options;
    const channel = reader.channel(channelId);
    if (channel === null) return;
    const refill = planRefill({
      reader,
      channelId,
      choose,
      seed: channel.seed,
      targetMs: this.#targetMs(),
      atMs,
    });
    if (refill === null) return;
    // Sent in one turn, so they commit together.
    const removed = refill.remove.map((args) => store.run('queue.remove', args));
    const extended = store.run('queue.extend', refill.extend);
    const noted = [
      store.run('setting.set', refill.draws),
      store.run('setting.set', refill.plannedFor),
      store.run('decision.record', refill.decision),
    ];
    await Promise.all([...removed, ...noted]);
    logger.info({ ...(await extended), removed: removed.length }, refill.decision.reason);
  }

  async #wantJoins(atMs: number): Promise<void> {
    const { reader, channelId, store } = this.#options;
    const pairs = nearJoins(reader, channelId, atMs);
    const joins = pairs.map((pair) => `${pair.fromAssetId} ${pair.toAssetId} ${pair.profileId}`).join('\n');
    if (joins === this.#joins) return;
    await store.run('transition.want', { channelId, pairs, atMs });
    this.#joins = joins;
  }

  #targetMs(): number {
    const hours = this.#options.reader.setting('planner.targetBufferHours');
    return (typeof hours === 'number' && hours > 0 ? hours : DEFAULT_TARGET_HOURS) * 3_600_000;
  }
}
