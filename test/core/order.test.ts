import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, type FileKey, keyOf, type OrderBy, planOrder as planned } from '../../src/core/plan/order.js';
import { processorMsOf } from '../support/processor-time.js';

const once = (...paths: string[]): FileKey[] => paths.map((path) => ({ path, repeat: 1 }));
const planOrder = (files: readonly FileKey[], estimates: ReadonlyMap<string, number>, by?: OrderBy) =>
  planned(
    files.map(({ path, repeat }) => ({ path, repeat, estimateMs: estimates.get(path) ?? null })),
    by,
  );
const pathsOf = (files: readonly FileKey[]) => files.map(({ path }) => path);

test('the longest file starts first', () => {
  const estimates = new Map([
    ['a', 1_000],
    ['b', 8_000],
    ['c', 4_000],
  ]);
  expect(planOrder(once('a', 'b', 'c'), estimates)).toEqual([
    { path: 'b', repeat: 1, estimateMs: 8_000 },
    { path: 'c', repeat: 1, estimateMs: 4_000 },
    { path: 'a', repeat: 1, estimateMs: 1_000 },
  ]);
});

test('a file without a record starts before all others', () => {
  expect(pathsOf(planOrder(once('known', 'new'), new Map([['known', 60_000]])))).toEqual(['new', 'known']);
});

test('a file that takes no time is known, and last', () => {
  expect(
    pathsOf(
      planOrder(
        once('instant', 'new', 'slow'),
        new Map([
          ['instant', 0],
          ['slow', 5],
        ]),
      ),
    ),
  ).toEqual(['new', 'slow', 'instant']);
});

test('ties go by code units, not by a locale', () => {
  expect(pathsOf(planOrder(once('ä', 'b', 'B', 'a', 'a-b', 'a/b'), new Map()))).toEqual(['B', 'a', 'a-b', 'a/b', 'b', 'ä']);
});

test('the repeats of a file keep their order', () => {
  const files = [
    { path: 'a', repeat: 10 },
    { path: 'a', repeat: 2 },
    { path: 'a', repeat: 1 },
  ];
  expect(planOrder(files, new Map([['a', 3]])).map(({ repeat }) => repeat)).toEqual([1, 2, 10]);
});

const someFiles = fc.uniqueArray(fc.record({ path: fc.string(), repeat: fc.integer({ min: 1, max: 3 }) }), { selector: keyOf });
const someEstimates = fc.array(fc.tuple(fc.string({ maxLength: 1 }), fc.nat(5))).map((entries) => new Map(entries));

test('an order loses no file, invents none, and is the same whatever order they came in', () => {
  fc.assert(
    fc.property(someFiles, someEstimates, (files, estimates) => {
      const ordered = planOrder(files, estimates);
      expect(ordered.map(keyOf).sort()).toEqual(files.map(keyOf).sort());
      expect(planOrder(files.toReversed(), estimates)).toEqual(ordered);
    }),
  );
});

test('no file stands behind one that should come later', () => {
  fc.assert(
    fc.property(someFiles, someEstimates, (files, estimates) => {
      const ordered = planOrder(files, estimates);
      for (const [index, after] of ordered.slice(1).entries()) {
        const before = ordered[index] ?? after;
        const [first, second] = [before.estimateMs ?? Number.POSITIVE_INFINITY, after.estimateMs ?? Number.POSITIVE_INFINITY];
        expect(first).toBeGreaterThanOrEqual(second);
        if (first === second) expect(compareKeys(before, after)).toBeLessThan(0);
      }
    }),
  );
});

test('ten times as many files take about ten times as long to plan, not a hundred times', () => {
  const planning = (count: number) => {
    const files = once(
      ...Array.from({ length: count }, (_, n) => `packages/p${n % 97}/test/some-file-${(n * 7_919) % count}.test.ts`),
    );
    const estimates = new Map(files.filter((_, n) => n % 3 !== 0).map(({ path }, n) => [path, (n * 31) % 1_000]));
    return Math.min(...Array.from({ length: 5 }, () => processorMsOf(() => planOrder(files, estimates))));
  };
  expect(planning(100_000) / planning(10_000)).toBeLessThan(60);
});
