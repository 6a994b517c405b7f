import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestFirstBound, makespanOf } from '../../src/core/history/makespan.js';
import { processorMsOf } from '../support/processor-time.js';

test.each<[string, number[], number, number]>([
  ['no files take no time', [], 4, 0],
  ['one slot runs them one after the other', [1, 2, 4, 8], 1, 15],
  ['the longest file cannot be beaten', [100, 1, 1, 1], 3, 100],
  ['a slot for each file', [5, 3, 9], 3, 9],
  ['more slots than files', [5, 3], 50, 5],
  ['the textbook case where longest first is not the best', [5, 5, 4, 4, 3, 3, 3], 3, 11],
  ['no slot is reckoned as one', [5, 3], 0, 8],
])('%s', (_, durationsMs, slots, expected) => {
  expect(longestFirstBound(durationsMs, slots)).toBe(expected);
});

const someDurations = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 });
const someSlots = fc.integer({ min: 1, max: 12 });
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

test('the bound is never below the longest file, nor below an even share of the work', () => {
  fc.assert(
    fc.property(someDurations, someSlots, (durationsMs, slots) => {
      const bound = longestFirstBound(durationsMs, slots);
      expect(bound).toBeGreaterThanOrEqual(Math.max(...durationsMs));
      expect(bound).toBeGreaterThanOrEqual(sumOf(durationsMs) / slots);
      expect(bound).toBeLessThanOrEqual(sumOf(durationsMs));
    }),
  );
});

test('the heap finds the slot that a plain search finds', () => {
  fc.assert(
    fc.property(someDurations, someSlots, (durationsMs, slots) => {
      const ends = new Array<number>(slots).fill(0);
      for (const durationMs of durationsMs.toSorted((a, b) => b - a)) {
        const free = ends.indexOf(Math.min(...ends));
        ends[free] = (ends[free] ?? 0) + durationMs;
      }
      expect(longestFirstBound(durationsMs, slots)).toBe(Math.max(...ends));
    }),
  );
});

test('longest first is at most a third above the optimum (Graham 1969)', () => {
  const few = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(few, fc.integer({ min: 1, max: 3 }), (durationsMs, slots) => {
      const bound = longestFirstBound(durationsMs, slots);
      const optimum = bestMakespan(durationsMs, new Array<number>(slots).fill(0));
      expect(bound).toBeGreaterThanOrEqual(optimum);
      expect(bound).toBeLessThanOrEqual((4 / 3 - 1 / (3 * slots)) * optimum + 1e-9);
    }),
  );
});

/** By trying every slot for every file. */
function bestMakespan([first, ...rest]: readonly number[], ends: readonly number[]): number {
  if (first === undefined) return Math.max(...ends);
  return Math.min(...ends.map((end, slot) => bestMakespan(rest, ends.with(slot, end + first))));
}

test('100,000 files on 1,000 slots are no burden', () => {
  const durationsMs = Array.from({ length: 100_000 }, (_, n) => (n * 7_919) % 60_000);
  let boundMs = 0;
  const tookMs = processorMsOf(() => {
    boundMs = longestFirstBound(durationsMs, 1_000);
  });
  expect(boundMs).toBeGreaterThanOrEqual(sumOf(durationsMs) / 1_000);
  expect(tookMs).toBeLessThan(1_000);
});

test.each([
  ['nothing ran', [], 0],
  ['one attempt', [[5, 12]], 7],
  [
    'attempts that overlap, in any order',
    [
      [20, 30],
      [10, 25],
      [12, 70],
    ],
    60,
  ],
  [
    'an idle gap counts',
    [
      [0, 1],
      [100, 101],
    ],
    101,
  ],
])('makespan: %s', (_, intervals, expected) => {
  expect(makespanOf(intervals.map(([startedAtMs = 0, endedAtMs = 0]) => ({ startedAtMs, endedAtMs })))).toBe(expected);
});

test('a makespan may span more attempts than a call has arguments', () => {
  const intervals = Array.from({ length: 300_000 }, (_, n) => ({ startedAtMs: n, endedAtMs: n + 5 }));
  expect(makespanOf(intervals)).toBe(300_004);
});
