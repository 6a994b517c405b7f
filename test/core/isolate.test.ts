import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isolate } from '../../src/core/history/isolate.js';

const names = (count: number) => Array.from({ length: count }, (_, index) => `f${String(index).padStart(4, '0')}`);
const needing = (needed: readonly string[]) => async (files: readonly string[]) => needed.every((file) => files.includes(file));

const aCase = fc
  .integer({ min: 1, max: 200 })
  .chain((count) => fc.tuple(fc.constant(names(count)), fc.subarray(names(count), { maxLength: Math.min(4, count) })));

test('the least set is found, in its order, with few runs', async () => {
  await fc.assert(
    fc.asyncProperty(aCase, async ([before, needed]) => {
      const { files, isLeast, runs } = await isolate(before, needing(needed), 1_000);
      expect([files, isLeast]).toEqual([needed, true]);
      expect(runs).toBeLessThanOrEqual((needed.length + 1) * (Math.floor(Math.log2(before.length)) + 1));
    }),
  );
});

test('however few runs there may be, the file is green after what is named', async () => {
  await fc.assert(
    fc.asyncProperty(aCase, fc.integer({ min: 0, max: 20 }), async ([before, needed], mostRuns) => {
      const { files, runs } = await isolate(before, needing(needed), mostRuns);
      expect(runs).toBeLessThanOrEqual(mostRuns);
      expect(await needing(needed)(files)).toBe(true);
    }),
  );
});

test('three of ten thousand are found within the runs of the command', async () => {
  const before = names(10_000);
  const needed = ['f0003', 'f5000', 'f9999'];
  expect(await isolate(before, needing(needed), 60)).toMatchObject({ files: needed, isLeast: true });
});
