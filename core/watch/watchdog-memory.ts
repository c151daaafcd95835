import { z } from 'zod';
import { describeError } from '../contract/errors.ts';
import type { StoreClient } from '../contract/store-commands.ts';
import { type Recovery, recoverySchema, type WatchdogAct, watchdogActSchema } from '../contract/watchdog.ts';
import type { Logger } from '../platform/logger.ts';
import type { StudioReader } from '../store/studio-reader.ts';

const SETTING = 'watchdog_memory';
const KEPT = 200;

/** The emergency loop is on air because the watchdog asked for it, so the watchdog takes it off again. */
const ownEmergencySchema = z.object({ sinceMs: z.number(), watchdog: z.string(), assetId: z.string().nullable() });
export type OwnEmergency = z.infer<typeof ownEmergencySchema>;

const memorySchema = z.object({
  acts: z.array(watchdogActSchema),
  recoveries: z.array(recoverySchema),
  emergency: ownEmergencySchema.nullable(),
});

/** What the watchdog has to know after a restart of its own: otherwise it would do everything again. */
export class WatchdogMemory {
  readonly #store: StoreClient;
  readonly #logger: Logger;
  readonly #memory: z.infer<typeof memorySchema>;

  constructor(reader: StudioReader, store: StoreClient, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
    const stored = memorySchema.safeParse(reader.setting(SETTING));
    this.#memory = stored.data ?? { acts: [], recoveries: [], emergency: null };
  }

  get acts(): readonly WatchdogAct[] {
    return this.#memory.acts;
  }

  get recoveries(): readonly Recovery[] {
    return this.#memory.recoveries;
  }

  get emergency(): OwnEmergency | null {
    return this.#memory.emergency;
  }

  addAct(act: WatchdogAct): void {
    this.#memory.acts = [...this.#memory.acts, act].slice(-KEPT);
    this.#save();
  }

  addRecovery(recovery: Recovery): void {
    this.#memory.recoveries = [...this.#memory.recoveries, recovery].slice(-KEPT);
    this.#save();
  }

  setEmergency(emergency: OwnEmergency | null): void {
    this.#memory.emergency = emergency;
    this.#save();
  }

  /** Nothing waits for it: the watchdog goes on when the host is too busy to store. */
  #save(): void {
    this.#store
      .run('setting.set', { key: SETTING, value: structuredClone(this.#memory) })
      .catch((error: unknown) => this.#logger.warn({ error: describeError(error) }, 'watchdog memory not stored'));
  }
}
