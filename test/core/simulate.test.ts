import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestFirstBound } from '../../src/core/history/makespan.js';
import { type ReplayedFile, simulate } from '../../src/core/history/simulate.js';
import { seededRandom } from '../../src/core/plan/random.js';
import { processorMsOf } from '../support/processor-time.js';

const files = (...took: readonly number[]): ReplayedFile[] => took.map((tookMs) => ({ file: {}, tookMs }));
const fleet = (workers: number, more: Partial<Parameters<typeof simulate>[1]> = {}) => ({
  workers,
  slotsOfEach: 1,
  preemptEveryMs: null,
  replaceMs: 0,
  ...more,
});
const never = () => 0;

test('files go to whoever is free, in their order', () => {
  expect(simulate(files(8, 4, 2, 1), fleet(2), never)).toMatchObject({ makespanMs: 8, lostMs: 0, workerMs: 16 });
  expect(simulate(files(8, 4, 2, 1), fleet(1), never)).toMatchObject({ makespanMs: 15, idleShare: 0 });
});

test('a serial group has one at a time, and a heavy file a worker for itself', () => {
  const chain = [3, 3, 3].map((tookMs) => ({ file: { serial: 'db' }, tookMs }));
  expect(simulate([...chain, ...files(4)], fleet(4), never).makespanMs).toBe(9);
  const heavy = { file: { slots: 2 }, tookMs: 5 };
  expect(simulate([heavy, ...files(1, 1)], fleet(1, { slotsOfEach: 2 }), never).makespanMs).toBe(6);
});

test('in planned order without preemption it is the bound of longest first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      (took, slots) => {
        const ordered = took.toSorted((a, b) => b - a);
        expect(simulate(files(...ordered), fleet(slots), never).makespanMs).toBe(longestFirstBound(took, slots));
      },
    ),
  );
});

test('workers that are taken away cost work and time, the same for the same seed, and every file ends', () => {
  const took = Array.from({ length: 40 }, (_, index) => 1_000 + 50 * index).reverse();
  const preempted = () => simulate(files(...took), fleet(4, { preemptEveryMs: 10_000, replaceMs: 500 }), seededRandom(7));
  const result = preempted();
  expect(result).toEqual(preempted());
  expect(result.preemptions).toBeGreaterThan(0);
  expect(result.lostMs).toBeGreaterThan(0);
  expect(result.makespanMs).toBeGreaterThan(longestFirstBound(took, 4));
});

test('10,000 files are replayed within two seconds of a processor', () => {
  const took = Array.from({ length: 10_000 }, (_, index) => (index * 7_919) % 5_000);
  const replay = () =>
    simulate(files(...took.toSorted((a, b) => b - a)), fleet(16, { slotsOfEach: 4, preemptEveryMs: 600_000 }), seededRandom(1));
  expect(processorMsOf(replay)).toBeLessThan(2_000);
});
