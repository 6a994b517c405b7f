import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import type { Estimate } from '../../src/core/history/durations.js';
import { longestFirstBound } from '../../src/core/history/makespan.js';
import type { FileRule, PlannedFile } from '../../src/core/model/suite.js';
import { type FileKey, keyOf, planOrder } from '../../src/core/plan/order.js';
import { type PlanParts, planFiles } from '../../src/core/plan/plan.js';
import { timeoutOf } from '../../src/core/plan/timeouts.js';

const known = (ms: number): Estimate => ({ ms, spreadMs: 0, slowestMs: ms, samples: 3 });

function aPlan(
  paths: readonly string[],
  expected: Readonly<Record<string, number>> = {},
  { rules = [], ...more }: Partial<PlanParts['input']> & { readonly rules?: readonly FileRule[] } = {},
  parts: Partial<PlanParts> = {},
): PlannedFile[] {
  return planFiles({
    paths,
    estimates: new Map(Object.entries(expected).map(([path, ms]) => [path, known(ms)])),
    input: { timeoutMs: 600_000, killGraceMs: 5_000, repeatEach: 1, rules, ...more },
    compileGlob: (glob) => (path) => (glob.endsWith('*') ? path.startsWith(glob.slice(0, -1)) : path === glob),
    quarantineFor: () => undefined,
    ownerOf: () => undefined,
    sizes: {},
    ...parts,
  });
}
const pathsOf = (files: readonly FileKey[]) => files.map(({ path }) => path);

test('a rule that says first goes ahead of longer and of unknown files', () => {
  const rules = [{ files: 'smoke*', priority: 'first' as const }];
  expect(pathsOf(aPlan(['new', 'long', 'smoke-a', 'smoke-b'], { long: 9_000, 'smoke-a': 1, 'smoke-b': 2 }, { rules }))).toEqual([
    'smoke-b',
    'smoke-a',
    'new',
    'long',
  ]);
});

test('of files without a record the largest goes first, and ties by path; nothing else goes by size', () => {
  const sizes = { a: 10, b: 30, c: 20, known: 9_999 };
  const plan = (order?: 'path') =>
    pathsOf(aPlan(['known', 'd', 'c', 'b', 'a'], { known: 5 }, order ? { order: { kind: order } } : {}, { sizes }));
  expect(plan()).toEqual(['b', 'c', 'a', 'd', 'known']);
  expect(plan('path')).toEqual(['a', 'b', 'c', 'd', 'known']);
  const serial = [{ files: '*', serial: 'one' }];
  expect(pathsOf(aPlan(['a', 'b', 'c'], {}, { rules: serial }, { sizes }))).toEqual(['a', 'b', 'c']);
});

test('a file that is kept apart takes its machine and goes first, unless a rule says what it may not run beside', () => {
  const seen = new Map(['a', 'b', 'c', 'gone'].map((path) => [path, 'port 80 was in use']));
  const rules = [
    { files: 'b', serial: 'db' },
    { files: 'c', slots: 2 },
  ];
  const plan = aPlan(['d', 'c', 'b', 'a'], { a: 1, d: 9 }, { rules }, { apart: { seen, slots: 4 } });
  expect(plan.map(({ path, slots, apart }) => [path, slots, apart])).toEqual([
    ['a', 4, 'port 80 was in use'],
    ['b', undefined, undefined],
    ['c', 2, undefined],
    ['d', undefined, undefined],
  ]);
  const [onOneSlot] = aPlan(['a'], {}, {}, { apart: { seen, slots: 1 } });
  expect(onOneSlot).not.toHaveProperty('apart');
});

test('files of a serial group keep their order, and each counts for all that wait for it', () => {
  const rules = [{ files: 'db*', serial: 'db' }];
  const expected = { 'db-1': 100, 'db-2': 5_000, 'db-3': 100, long: 5_150, short: 50 };
  expect(pathsOf(aPlan(Object.keys(expected), expected, { rules }))).toEqual(['db-1', 'long', 'db-2', 'db-3', 'short']);
});

test('of rules that tell the same the first wins, and others add to it', () => {
  const rules = [
    { files: 'a*', timeoutMs: 1_000 },
    { files: 'a*', timeoutMs: 2_000, retries: 2 },
  ];
  expect(aPlan(['a1'], {}, { rules })).toMatchObject([{ timeoutMs: 1_000, retries: 2 }]);
});

test.each([
  [10_000, { timeoutMs: 30_000, killGraceMs: 5_000 }],
  [20_000, { timeoutMs: 40_000, killGraceMs: 20_000 }],
  [2_000_000_000, { timeoutMs: DEFAULTS.longestTimeoutMs, killGraceMs: 5_000 }],
])('a file of %i ms is asked to end at twice that and killed at three times, never below the floor', (usual, timeout) => {
  expect(timeoutOf(usual, 5_000)).toEqual(timeout);
});

test('an unknown file has the timeout of the suite, one with a rule that of the rule, whatever its record says', () => {
  const rules = [{ files: 'told', timeoutMs: 7_000 }];
  const files = aPlan(['new', 'told', 'usual'], { told: 50_000, usual: 20_000 }, { rules, timeoutMs: null });
  expect(Object.fromEntries(files.map(({ path, timeoutMs, killGraceMs }) => [path, [timeoutMs, killGraceMs]]))).toEqual({
    new: [undefined, undefined],
    told: [7_000, 5_000],
    usual: [40_000, 20_000],
  });
});

test('a file that once took long on a busy machine has a timeout that leaves room for it', () => {
  const estimates = new Map([['a', { ms: 20_000, spreadMs: 0, slowestMs: 40_000, samples: 5 }]]);
  expect(aPlan(['a'], {}, { timeoutMs: null }, { estimates })).toMatchObject([{ timeoutMs: 80_000 }]);
});

test('new and changed files are repeated, others are not', () => {
  const contents = { now: { changed: 'b', same: 'x', new: 'n' }, before: new Map(Object.entries({ changed: 'a', same: 'x' })) };
  const files = aPlan(['changed', 'new', 'same'], { changed: 1, same: 1 }, { repeatNew: 3 }, { contents });
  expect(pathsOf(files).toSorted()).toEqual(['changed', 'changed', 'changed', 'new', 'new', 'new', 'same']);
});

const someFiles = fc.uniqueArray(
  fc.record({
    path: fc.string({ maxLength: 3 }),
    repeat: fc.integer({ min: 1, max: 2 }),
    estimateMs: fc.option(fc.nat(5)),
    serial: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    priority: fc.option(fc.constant('first' as const), { nil: undefined }),
  }),
  { selector: keyOf },
);
const someOrder = fc.oneof(
  fc.constant({ kind: 'recorded' as const }),
  fc.constant({ kind: 'path' as const }),
  fc.record({ kind: fc.constant('random' as const), seed: fc.nat() }),
);

test('whatever decides, an order is a permutation, the same however the files came, and serial groups keep theirs', () => {
  fc.assert(
    fc.property(someFiles, someOrder, (some, by) => {
      const files = some as PlannedFile[]; // Of values that are undefined, the type would have the keys absent.
      const ordered = planOrder(files, by);
      expect(ordered.map(keyOf).sort()).toEqual(files.map(keyOf).sort());
      expect(planOrder(files.toReversed(), by)).toEqual(ordered);
      for (const group of ['x', 'y']) {
        const chain = ordered.filter(({ serial }) => serial === group).map(keyOf);
        const byPath = planOrder(
          files.filter(({ serial }) => serial === group),
          { kind: 'path' },
        );
        expect(chain).toEqual(byPath.map(keyOf));
      }
    }),
  );
});

test('in that order, each file to the slot that is free first, the makespan never exceeds the list-scheduling bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      (times, slots) => {
        const files = times.map((estimateMs, index) => ({ path: String(index), repeat: 1, estimateMs }));
        const ends = new Array<number>(slots).fill(0);
        for (const { estimateMs } of planOrder(files)) {
          const free = ends.indexOf(Math.min(...ends));
          ends[free] = (ends[free] ?? 0) + (estimateMs ?? 0);
        }
        const makespan = Math.max(...ends);
        const [sum, longest] = [times.reduce((a, b) => a + b, 0), Math.max(...times)];
        expect(makespan).toBe(longestFirstBound(times, slots));
        expect(makespan).toBeLessThanOrEqual(sum / slots + (1 - 1 / slots) * longest + 1e-9);
      },
    ),
  );
});
