import { expect, test } from 'vitest';
import { createMatcher } from '../../src/adapters/match-patterns.js';

const ENDLESS = '(a+)+$'; // Takes years on this text: each further letter doubles it.
const TEXT = `${'a'.repeat(40)}!`;

test('patterns see lines', () => {
  const matches = createMatcher('first\nECONNREFUSED here\n', { log: () => undefined });
  expect(['^ECONN', 'here$', '^here', '\\d'].map(matches)).toEqual([true, true, false, false]);
});

test('one that takes too long does not match and is named, and neither is one that would have matched after it waited for', () => {
  const log: string[] = [];
  const matches = createMatcher(TEXT, { log: (line) => log.push(line), withinMs: 50 });
  const start = performance.now();
  expect([ENDLESS, ENDLESS, ENDLESS, ENDLESS].map(matches)).toEqual([false, false, false, false]);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(log).toHaveLength(4);
  expect(log[0]).toContain(ENDLESS);
});

test('what was red without an endless pattern is so with one', () => {
  const matches = createMatcher(TEXT, { log: () => undefined, withinMs: 1_000 });
  expect(matches('a!')).toBe(true);
  expect(() => matches('(')).toThrow('Invalid regular expression');
});
