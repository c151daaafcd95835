import { describeError } from '../contract/errors.ts';
import type { WatchdogAction, WatchdogStatus } from '../contract/watchdog.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { refusal } from './action-limits.ts';
import type { Finding, Measure } from './finding.ts';
import type { IncidentDesk } from './incident-desk.ts';
import { ACT_AFTER, WatchdogLedger } from './watchdog-ledger.ts';
import type { WatchdogMemory } from './watchdog-memory.ts';

export interface WatchdogOptions {
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly memory: WatchdogMemory;
  readonly incidents: IncidentDesk;
  /** Incidents of the channel that are open at the start: those of the watchdog's own kinds end when it finds them over. */
  readonly leftBehind: readonly Pick<Finding['incident'], 'code' | 'subject'>[];
  /** One look at everything; never rejects for a fault of what it looks at. */
  readonly look: () => Promise<readonly Finding[]>;
  /** Rejects when the measure could not be taken. */
  readonly takeMeasure: (measure: Measure, reason: string) => Promise<void>;
  /** A finding was acted on, were it only by telling a person. */
  readonly onActed: (finding: Finding) => void;
  /** After the measures of each round, with its findings. */
  readonly afterRound: (findings: readonly Finding[]) => Promise<void>;
  readonly onStatus: (status: WatchdogStatus) => void;
}

const DONE: Readonly<Record<WatchdogAction, string>> = {
  wake_planner: 'The planner was woken.',
  reconnect: 'The destination is being connected again.',
  emergency_on: 'The emergency loop was put on air until the programme is sound.',
  emergency_off: 'The programme is back on air.',
  restart_broadcaster: 'The broadcaster is being replaced.',
  escalate: 'Nothing that the watchdog may do has helped: somebody has to look.',
};

/** Layer 2: looks at the channel at every interval, counts, acts in the order of risk, and asks a person when that does not help. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #ledger: WatchdogLedger;
  /** Open incidents by watchdog. */
  readonly #open = new Map<string, Pick<Finding['incident'], 'code' | 'subject'>>();
  readonly #seen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | null = null;
  #stopped = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#ledger = new WatchdogLedger(options.intervalMs);
  }

  /** The first round comes at once; each next one an interval after the one before began, or when that has ended. */
  start(): void {
    const { intervalMs, clock, logger } = this.#options;
    const startedMs = clock.monotonicMs();
    this.#round = this.round().catch((error: unknown) =>
      logger.error({ error: describeError(error) }, 'a round of checks failed'),
    );
    void this.#round.then(() => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => this.start(), Math.max(0, startedMs + intervalMs - clock.monotonicMs()));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** One round: look, count, act, tell. */
  async round(): Promise<void> {
    const findings = await this.#options.look();
    for (const finding of findings) await this.#judge(finding);
    for (const id of this.#ledger.keepOnly(new Set(findings.map(({ id }) => id)))) this.#close(id);
    await this.#options.afterRound(findings);
    this.tell();
  }

  tell(): void {
    const { memory, onStatus } = this.#options;
    const watchdogs = this.#ledger.entries();
    onStatus({
      watchdog_count: Object.keys(watchdogs).length,
      watchdogs,
      restart_history: [...memory.acts],
      recovery_history: [...memory.recoveries],
    });
  }

  async #judge(finding: Finding): Promise<void> {
    const { clock, memory, logger } = this.#options;
    const { id, verdict } = finding;
    this.#adopt(finding);
    const before = this.#ledger.stateOf(id);
    const consequence = this.#ledger.take(id, verdict, clock.wallMs());
    if (verdict.state === 'unknown' && before !== 'unknown') logger.warn({ watchdog: id }, verdict.message);
    if (consequence.kind === 'recovered') {
      const { fromMs, recoveryMs, action } = consequence;
      memory.addRecovery({ layer: 2, watchdog: id, fromMs, recoveryMs, action });
    }
    if (verdict.state === 'healthy' || verdict.state === 'off') this.#close(id);
    if (consequence.kind === 'act') await this.#act(finding, consequence.step);
  }

  /** What a watchdog before this one left open is this one's to close. */
  #adopt({ id, incident }: Finding): void {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const { code, subject } = incident;
    // The subject of a fault in the programme is the asset that was on air then.
    const left = this.#options.leftBehind.find(
      (one) => one.code === code && (one.subject === subject || id.startsWith('program_')),
    );
    if (left) this.#open.set(id, left);
  }

  async #act(finding: Finding, step: number): Promise<void> {
    const { incidents, logger } = this.#options;
    const { id, ladder, verdict } = finding;
    const seen = `${verdict.message} Seen ${(step + 1) * ACT_AFTER} times in a row.`;
    this.#changeSubject(finding);
    this.#options.onActed(finding);
    if (ladder.length === 0) return incidents.open(finding, seen);
    const measure = ladder[step];
    if (!measure) {
      // Told once: whoever is asked to look does not need it repeated.
      if (step === ladder.length) this.#escalate(finding, seen);
      return;
    }
    const outcome = await this.#try(finding, measure);
    if (outcome.state === 'refused') {
      logger.warn({ watchdog: id, action: measure.action, refused: outcome.why }, 'not acted on');
      this.#escalate(finding, `${seen} The next step was not taken: ${outcome.why}.`);
    } else
      incidents.open(
        finding,
        outcome.state === 'done'
          ? `${seen} ${DONE[measure.action]}`
          : `${seen} ${measure.action} failed: ${outcome.why}.`,
      );
  }

  async #try(
    { id, verdict }: Finding,
    measure: Measure,
  ): Promise<{ state: 'done' } | { state: 'refused' | 'failed'; why: string }> {
    const { clock, memory, takeMeasure, intervalMs, logger } = this.#options;
    const { action } = measure;
    const atMs = clock.wallMs();
    const why = refusal(memory.acts, { watchdog: id, action, atMs, firstGapMs: 2 * intervalMs });
    if (why !== null) return { state: 'refused', why };
    this.#ledger.acted(id, action);
    try {
      await takeMeasure(measure, verdict.message);
      memory.addAct({ atMs, watchdog: id, action, reason: verdict.message, outcome: 'done' });
      if (measure.action === 'emergency_on')
        memory.setEmergency({ sinceMs: atMs, watchdog: id, assetId: measure.assetId });
      return { state: 'done' };
    } catch (error) {
      logger.warn({ watchdog: id, action, error: describeError(error) }, 'could not be done');
      memory.addAct({ atMs, watchdog: id, action, reason: verdict.message, outcome: 'failed' });
      return { state: 'failed', why: describeError(error) };
    }
  }

  #escalate(finding: Finding, message: string): void {
    const { clock, memory, incidents } = this.#options;
    this.#ledger.acted(finding.id, 'escalate');
    const act = { watchdog: finding.id, action: 'escalate', reason: finding.verdict.message, outcome: 'done' } as const;
    memory.addAct({ atMs: clock.wallMs(), ...act });
    incidents.open(finding, `${message} ${DONE.escalate}`, 'critical');
  }

  /** The fault moved on, to the next asset for instance: the incident about the one before is over. */
  #changeSubject({ id, incident }: Finding): void {
    const before = this.#open.get(id);
    if (before && before.subject !== incident.subject) this.#options.incidents.resolve(before);
    this.#open.set(id, incident);
  }

  #close(id: string): void {
    const incident = this.#open.get(id);
    if (!incident) return;
    this.#open.delete(id);
    this.#options.incidents.resolve(incident);
  }
}
