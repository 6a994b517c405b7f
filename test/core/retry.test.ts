import { expect, test } from 'vitest';
import { causeOf, delayBefore, parseRetryLimit, RETRY_AT_ONCE, retriesFor } from '../../src/core/schedule/retry.js';

test.each([
  ['15', { kind: 'count', count: 15 }],
  ['0', { kind: 'count', count: 0 }],
  ['2%', { kind: 'share', share: 0.02 }],
  ['0.5%', { kind: 'share', share: 0.005 }],
  ['1.5', null],
  ['101%', null],
  ['-1', null],
  ['many', null],
  ['', null],
])('a limit of %s', (text, limit) => {
  expect(parseRetryLimit(text)).toEqual(limit);
});

test('retries that a run may use up', () => {
  expect(retriesFor(100, { kind: 'count', count: 7 })).toBe(7);
  expect(retriesFor(40, { kind: 'share', share: 0.05 })).toBe(2);
  expect(retriesFor(41, { kind: 'share', share: 0.05 })).toBe(3);
  expect(retriesFor(40, null)).toBe(Number.POSITIVE_INFINITY);
});

test('each further retry waits twice as long, and chance takes off at most a fifth', () => {
  const policy = { ...RETRY_AT_ONCE, delayMs: 1_000 };
  expect([1, 2, 3].map((nth) => delayBefore(nth, policy, 0))).toEqual([1_000, 2_000, 4_000]);
  expect(delayBefore(1, policy, 0.999)).toBeGreaterThanOrEqual(800);
  expect(delayBefore(20, policy, 0)).toBe(600_000);
  expect(delayBefore(3, RETRY_AT_ONCE, 0.5)).toBe(0);
});

const patterns = { only: ['timeout', '^ECONN'], infrastructure: ['no space left'] };
test.each([
  ['no space left on device', 'infrastructure'],
  ['a timeout', 'retry'],
  ['first line\nECONNREFUSED', 'retry'],
  ['expected 1 to be 2', 'final'],
] as const)('output “%s” means %s', (output, cause) => {
  expect(causeOf((pattern) => new RegExp(pattern, 'm').test(output), patterns)).toBe(cause);
});

test('without patterns everything is retried', () => {
  expect(causeOf(() => false, RETRY_AT_ONCE)).toBe('retry');
});
