import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AlertMessage, type AlertState, alertSettings, alertStateSchema } from '../../contract/alert.ts';
import type { IncidentCode, Severity } from '../../contract/incident.ts';
import { RANK, type WatchedIncident } from './alert-candidates.ts';
import { decide, delivered, freshAlertState, undelivered } from './alert-policy.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NOON = new Date(2026, 5, 1, 12, 0).getTime();

/** A store of incidents, a receiver and a clock around the policy. */
class Scene {
  nowMs = NOON;
  state: AlertState = freshAlertState(0);
  readonly messages: AlertMessage[] = [];
  readonly incidents: WatchedIncident[] = [];
  settings = alertSettings({});
  minSeverity: Severity = 'info';
  /** Whether the n-th try arrives. */
  arrives: (n: number) => boolean = () => true;
  #ends = 0;
  #tries = 0;

  open(code: IncidentCode, subject: string, severity: Severity): void {
    const known = this.incidents.findIndex((one) => one.code === code && one.subject === subject && !one.resolvedAtMs);
    const before = this.incidents[known];
    if (before) {
      const worst = RANK[before.severity] > RANK[severity] ? before.severity : severity;
      this.incidents[known] = { ...before, severity: worst, count: before.count + 1, lastSeenMs: this.nowMs };
    } else
      this.incidents.push({
        ...{ id: `i${this.incidents.length}`, code, subject, severity, message: `${code} of ${subject}`, count: 1 },
        ...{ openedAtMs: this.nowMs, lastSeenMs: this.nowMs, resolvedAtMs: null, resolvedRow: null },
      });
    this.look();
  }

  resolve(code: IncidentCode, subject: string): void {
    const known = this.incidents.findIndex((one) => one.code === code && one.subject === subject && !one.resolvedAtMs);
    const before = this.incidents[known];
    if (!before) return;
    this.#ends += 1;
    this.incidents[known] = { ...before, resolvedAtMs: this.nowMs, resolvedRow: this.#ends };
    this.look();
  }

  /** A look, and the one that it asks for, up to `untilMs`. */
  run(untilMs: number): void {
    for (let wakeAtMs = this.look(); wakeAtMs !== null && wakeAtMs <= untilMs; wakeAtMs = this.look()) {
      assert.ok(wakeAtMs > this.nowMs, 'a look that asks for another one at once would never end');
      this.nowMs = wakeAtMs;
    }
    this.nowMs = untilMs;
    this.look();
  }

  look(): number | null {
    const told = new Set(Object.values(this.state.told).map((one) => one.incidentId));
    const { settledRow } = this.state;
    const { nowMs, settings, minSeverity } = this;
    const decision = decide(this.state, {
      ...{ nowMs, settings, minSeverity, channelName: 'TV', messageId: `m${this.#tries}` },
      incidents: this.incidents.filter(
        (one) => one.resolvedRow === null || one.resolvedRow > settledRow || told.has(one.id),
      ),
    });
    this.state = decision.state;
    if (decision.message === null) return decision.wakeAtMs;
    this.#tries += 1;
    if (this.arrives(this.#tries)) {
      this.messages.push(decision.message);
      this.state = delivered(this.state, nowMs);
    } else {
      const failure = { nowMs, error: 'refused', permanent: false, retryAfterMs: null, jitter: 0.5 };
      this.state = undelivered(this.state, failure);
    }
    // Through the store and back, as after a restart.
    this.state = alertStateSchema.parse(JSON.parse(JSON.stringify(this.state)));
    return this.look();
  }

  get told(): string[] {
    return this.messages.map(({ items }) => items.map((item) => `${item.change} ${item.subject}`).join(', '));
  }
}

test('a critical fault is told within seconds, its end once it has lasted', () => {
  const scene = new Scene();
  scene.open('destination_down', 'a', 'critical');
  scene.run(NOON + 2 * SECOND);
  assert.deepEqual(scene.told, ['opened a']);
  scene.run(NOON + 10 * MINUTE);
  assert.equal(scene.messages.length, 1, 'a fault that goes on is not told again');
  scene.resolve('destination_down', 'a');
  scene.run(scene.nowMs + 5 * SECOND);
  scene.open('destination_down', 'a', 'critical');
  scene.run(scene.nowMs + MINUTE);
  assert.deepEqual(scene.told, ['opened a'], 'an end of five seconds was none');
  scene.resolve('destination_down', 'a');
  scene.run(scene.nowMs + MINUTE);
  assert.deepEqual(scene.told, ['opened a', 'resolved a']);
});

test('many faults are one message, the worst first', () => {
  const scene = new Scene();
  scene.open('asset_damaged', 'w', 'warning');
  scene.open('prepare_failed', 'i', 'info');
  scene.open('destination_down', 'c', 'critical');
  scene.run(NOON + 2 * SECOND);
  assert.deepEqual(scene.told, ['opened c, opened w, opened i']);
});

test('a fault that is over before it was worth a message is not told, unless it was critical', () => {
  const scene = new Scene();
  scene.open('asset_damaged', 'w', 'warning');
  scene.open('destination_down', 'c', 'critical');
  scene.nowMs += SECOND;
  scene.resolve('asset_damaged', 'w');
  scene.resolve('destination_down', 'c');
  scene.run(NOON + 10 * MINUTE);
  assert.deepEqual(scene.told, ['passed c']);
});

test('a fault that comes and goes is told again after the cooldown, with no time lost when it lasts', () => {
  const scene = new Scene();
  scene.settings = alertSettings({ cooldownMinutes: 15 });
  const flap = (): void => {
    scene.open('library_unreadable', 'l', 'warning');
    scene.run(scene.nowMs + 2 * MINUTE);
    scene.resolve('library_unreadable', 'l');
    scene.run(scene.nowMs + 2 * MINUTE);
  };
  for (let times = 0; times < 4; times += 1) flap();
  assert.deepEqual(scene.told, ['opened l', 'resolved l']);
  scene.open('library_unreadable', 'l', 'warning');
  scene.run(scene.nowMs + 16 * MINUTE);
  assert.deepEqual(scene.told, ['opened l', 'resolved l', 'opened l']);
});

test('a fault that gets worse is told once more, one below the channel’s threshold never', () => {
  const scene = new Scene();
  scene.minSeverity = 'warning';
  scene.open('disk_low', 'd', 'info');
  scene.run(NOON + 5 * MINUTE);
  assert.deepEqual(scene.told, []);
  scene.open('disk_low', 'd', 'warning');
  scene.run(NOON + 10 * MINUTE);
  scene.open('disk_low', 'd', 'critical');
  scene.run(NOON + 15 * MINUTE);
  assert.deepEqual(scene.told, ['opened d', 'worse d']);
});

test('quiet hours hold back everything but what is critical; the rest follows in one message', () => {
  const scene = new Scene();
  scene.settings = alertSettings({ quietHours: { from: '22:00', to: '07:30' } });
  scene.nowMs = new Date(2026, 5, 1, 23, 0).getTime();
  scene.open('asset_damaged', 'a', 'warning');
  scene.open('asset_damaged', 'b', 'warning');
  scene.run(scene.nowMs + 10 * MINUTE);
  assert.deepEqual(scene.told, []);
  scene.open('destination_down', 'c', 'critical');
  scene.run(scene.nowMs + 10 * MINUTE);
  assert.deepEqual(scene.told, ['opened c']);
  scene.run(new Date(2026, 5, 2, 7, 31).getTime());
  assert.deepEqual(scene.told, ['opened c', 'opened a, opened b']);
});

test('what could not be delivered is told later as it is then, and not twice', () => {
  const scene = new Scene();
  scene.arrives = (n) => n > 3;
  scene.open('destination_down', 'a', 'critical');
  scene.open('destination_down', 'b', 'critical');
  scene.run(NOON + 4 * SECOND);
  scene.resolve('destination_down', 'a');
  scene.run(NOON + 10 * MINUTE);
  assert.deepEqual(scene.told, ['opened b, passed a']);
});

test('a message that was under way when the process died is delivered again with the same id', () => {
  const scene = new Scene();
  scene.open('destination_down', 'a', 'critical');
  scene.nowMs += 2 * SECOND;
  const look = {
    ...{ nowMs: scene.nowMs, incidents: scene.incidents, settings: scene.settings, minSeverity: 'info' as const },
    channelName: 'TV',
  };
  const first = decide(scene.state, { ...look, messageId: 'one' });
  const stored = alertStateSchema.parse(JSON.parse(JSON.stringify(first.state)));
  const again = decide(stored, { ...look, messageId: 'two' });
  assert.equal(again.message?.id, 'one');
  const after = delivered(again.state, scene.nowMs);
  assert.equal(decide(after, { ...look, messageId: 'three' }).message, null);
});

const SUBJECTS = 40;
const fault = fc.record({
  afterMs: fc.integer({ min: 0, max: 1200 }),
  kind: fc.constantFrom('open', 'open', 'resolve'),
  code: fc.constantFrom<IncidentCode>('destination_down', 'asset_damaged', 'prepare_failed'),
  subject: fc.integer({ min: 0, max: SUBJECTS }).map(String),
  severity: fc.constantFrom<Severity>('info', 'warning', 'critical'),
});

test('1,000 faults in ten minutes: at most ten messages in any ten minutes, and no critical one is missed', () => {
  fc.assert(
    fc.property(fc.array(fault, { minLength: 1000, maxLength: 1000 }), fc.nat(4), (faults, failing) => {
      const scene = new Scene();
      if (failing > 0) scene.arrives = (n) => n % 5 >= failing;
      for (const { afterMs, kind, code, subject, severity } of faults) {
        scene.run(scene.nowMs + afterMs);
        if (kind === 'open') scene.open(code, subject, severity);
        else scene.resolve(code, subject);
      }
      scene.run(scene.nowMs + 60 * MINUTE);
      for (const { atMs } of scene.messages) {
        const window = scene.messages.filter((one) => one.atMs > atMs - 10 * MINUTE && one.atMs <= atMs);
        assert.ok(window.length <= 10, `${window.length} messages in ten minutes`);
      }
      for (const incident of scene.incidents.filter((one) => one.severity === 'critical'))
        assert.ok(isKnown(scene.messages, incident), `${incident.code} ${incident.subject} was never told`);
      assert.deepEqual(scene.look(), null, 'it comes to rest');
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

/** Told itself; or people already believed this to be broken when it began; or they were told of it later. */
function isKnown(
  messages: readonly AlertMessage[],
  { code, subject, openedAtMs, resolvedAtMs }: WatchedIncident,
): boolean {
  const about = messages.flatMap(({ atMs, items }) =>
    items.filter((item) => item.code === code && item.subject === subject).map((item) => ({ atMs, item })),
  );
  const critical = about.filter(({ item }) => item.severity === 'critical' && item.change !== 'resolved');
  if (critical.some(({ atMs }) => atMs >= openedAtMs)) return true;
  const believed = about.findLast(({ atMs }) => atMs <= (resolvedAtMs ?? Number.POSITIVE_INFINITY));
  return (
    believed?.item.severity === 'critical' && believed.item.change !== 'resolved' && believed.item.change !== 'passed'
  );
}

test('a storm of critical faults is told without a long wait', () => {
  const scene = new Scene();
  for (let n = 0; n < 1000; n += 1) {
    scene.run(scene.nowMs + 600);
    scene.open('destination_down', `d${n}`, 'critical');
  }
  scene.run(scene.nowMs + 5 * MINUTE);
  const opened = scene.messages.flatMap(({ items, atMs }) => items.map((item) => atMs - item.openedAtMs));
  assert.equal(opened.length, 1000);
  assert.ok(Math.max(...opened) <= 112 * SECOND, `${Math.max(...opened)} ms`);
});
