import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Observation, suspectsOf, wilson } from '../../src/core/history/flakiness.js';
import { concludeInvestigation, conditionsFor } from '../../src/core/history/investigation.js';

const PASSED = [true, false] as const;
const RED = [false, true] as const;
const BOTH = [true, true] as const;
/** Runs of one file, oldest first: its commit, and what it said. */
type Said = readonly [commit: string | null, said: readonly [passed: boolean, failed: boolean]];
const said = (...runs: readonly Said[]): Observation[] =>
  runs.map(([commit, [hasPassed, hasFailed]], index) => ({
    path: 'a.test.ts',
    name: null,
    runId: `r${index}`,
    commit,
    atMs: index,
    machines: hasFailed ? ['m'] : [],
    hasPassed,
    hasFailed,
  }));
const kindOf = (...runs: readonly Said[]) => suspectsOf(said(...runs))[0]?.kind;

test.each<[string, readonly Said[], string]>([
  ['both outcomes in one run', [['c1', BOTH]], 'flaky'],
  [
    'both outcomes on one commit',
    [
      ['c1', RED],
      ['c1', PASSED],
    ],
    'flaky',
  ],
  [
    'red since a commit, green before',
    [
      ['c1', PASSED],
      ['c2', RED],
      ['c2', RED],
      ['c3', RED],
    ],
    'broken',
  ],
  [
    'red once, at the newest commit',
    [
      ['c1', PASSED],
      ['c2', RED],
    ],
    'failing',
  ],
  [
    'red on one commit and mended by the next',
    [
      ['c1', RED],
      ['c2', PASSED],
    ],
    'failing',
  ],
  [
    'two runs of unknown commits are no one commit',
    [
      [null, RED],
      [null, PASSED],
    ],
    'failing',
  ],
  [
    'flaky for long, and red for good in the end',
    [
      ['c1', BOTH],
      ['c2', PASSED],
      ['c3', RED],
      ['c4', RED],
    ],
    'broken',
  ],
])('%s', (_, runs, kind) => {
  expect(kindOf(...runs)).toBe(kind);
});

test('what was always green is no suspect', () => {
  expect(suspectsOf(said(['c1', PASSED], ['c2', PASSED]))).toEqual([]);
});

test('a suspect tells its rate over commits that are known to pass, since when, and where', () => {
  const [suspect] = suspectsOf(said(['c1', PASSED], ['c2', BOTH], ['c2', PASSED], ['c3', PASSED]));
  expect(suspect).toMatchObject({
    kind: 'flaky',
    runs: 4,
    failures: 1,
    flakiness: { rate: 0.25 },
    firstSeen: { commit: 'c2', runId: 'r1' },
    lastSeen: { commit: 'c2' },
    machines: ['m'],
  });
});

test('what is flaky most often comes first, what is broken after it', () => {
  const of = (path: string, observations: readonly Observation[]) => observations.map((one) => ({ ...one, path }));
  const found = suspectsOf([
    ...of('broken', said(['c1', PASSED], ['c2', RED], ['c3', RED])),
    ...of('seldom', said(['c1', BOTH], ['c1', PASSED], ['c1', PASSED])),
    ...of('often', said(['c1', BOTH], ['c1', BOTH], ['c1', PASSED])),
  ]);
  expect(found.map(({ path }) => path)).toEqual(['often', 'seldom', 'broken']);
});

test.each([
  [0, 0, 0, 1],
  [0, 10, 0, 0.278],
  [5, 10, 0.237, 0.763],
  [10, 10, 0.722, 1],
])('Wilson: %i of %i', (hits, tries, low, high) => {
  const rate = wilson(hits, tries);
  expect(rate.low).toBeCloseTo(low, 3);
  expect(rate.high).toBeCloseTo(high, 3);
});

test('an interval holds its rate, and narrows with more tries', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer({ min: 1, max: 50 }), (a, b) => {
      const [hits, tries] = [Math.min(a, b), Math.max(a, b)];
      if (tries === 0) return;
      const [few, many] = [wilson(hits, tries), wilson(10 * hits, 10 * tries)];
      expect(few.low).toBeLessThanOrEqual(few.rate);
      expect(few.high).toBeGreaterThanOrEqual(few.rate);
      expect(many.high - many.low).toBeLessThan(few.high - few.low);
    }),
  );
});

const conditions = conditionsFor('vitest', { times: 90, largest: 4 });
const tried = (...failures: readonly number[]) =>
  conditions.map((condition, index) => ({ condition, runs: 30, failures: failures[index] ?? 0 }));

test('a file is repeated beside others, alone, and in random order where its framework can', () => {
  expect(conditions.map(({ name, times, slots }) => [name, times, slots])).toEqual([
    ['beside others', 30, 1],
    ['alone', 30, 4],
    ['in random order', 30, 1],
  ]);
  expect(conditionsFor('mocha', { times: 10, largest: 1 }).map(({ name }) => name)).toEqual(['beside others']);
});

test('what a failure depends on is said only where the intervals do not meet, with a command that shows it', () => {
  expect(concludeInvestigation('a', 'unit', tried(15, 0, 14))).toMatchObject({
    conclusion: 'It depends on how it runs: beside others it is red far more often than alone.',
    reproduction: 'holdfast run --suite unit a --repeat-each 5',
  });
  expect(concludeInvestigation('a', 'unit', tried(3, 2, 3)).conclusion).toBe('It does not depend on what was varied.');
  expect(concludeInvestigation('a', 'unit', tried(0, 0, 9)).reproduction).toMatch(/ -- --sequence\.shuffle\.tests$/);
  expect(concludeInvestigation('a', 'unit', tried(30, 30, 30)).conclusion).toBe('It is red every time: broken, not flaky.');
  expect(concludeInvestigation('a', 'unit', tried(0, 0, 0))).toMatchObject({
    conclusion: expect.stringContaining('at most 4.1 %'),
    reproduction: null,
  });
});
