import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AlertItem, AlertMessage } from '../contract/alert.ts';
import { alertText } from './alert-text.ts';

const item = (more: Partial<AlertItem>): AlertItem => ({
  ...{ change: 'opened', incidentId: 'i', code: 'destination_down', subject: 's', severity: 'critical' },
  ...{ message: 'YouTube is down.', openedAtMs: 0, resolvedAtMs: null },
  ...more,
});
const message = (items: AlertItem[]): AlertMessage => ({ id: 'm', channelName: 'TV', atMs: 0, items });

test('the text says how bad it is, what it is, and what is over', () => {
  const over = item({ change: 'resolved', message: 'The disk is full.', resolvedAtMs: 90_000 });
  assert.equal(
    alertText(message([item({}), over]), 1000),
    'TV: 1 critical, 1 over\n🔴 CRITICAL: YouTube is down.\n✅ Over: The disk is full. (it lasted 90 s)',
  );
});

test('many of a kind share a line; no text is longer than its limit, and what was left out is said', () => {
  const many = Array.from({ length: 30 }, (_, n) => item({ subject: `d${n}` }));
  assert.match(alertText(message(many), 1000), /destination down × 30: d0, d1, .* and 18 more$/);
  const anyItem = fc.record({
    message: fc.string({ maxLength: 400 }),
    subject: fc.string(),
    change: fc.constantFrom('opened', 'passed'),
  });
  fc.assert(
    fc.property(
      fc.array(anyItem, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 200, max: 4000 }),
      (all, limit) => {
        const text = alertText(message(all.map((one) => item({ ...one, code: 'asset_damaged' }))), limit);
        assert.ok(text.length <= limit);
      },
    ),
  );
});
