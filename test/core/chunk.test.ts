import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunkLength, patienceMs } from '../../src/core/chunk.js';
import { DEFAULTS } from '../../src/core/defaults.js';
import type { PlannedFile } from '../../src/core/suite.js';

const { longestMs, leastMs, perSlot, mostFiles } = DEFAULTS.chunk;
const file = (estimateMs: number | null, more: Partial<PlannedFile> = {}): PlannedFile => {
  return { path: 'a', repeat: 1, estimateMs, ...more };
};
const files = (count: number, ms: number) => Array.from({ length: count }, () => file(ms));
const MUCH = { waitingMs: 1e9, slots: 2, callMs: 0 };

test('short files go together up to the longest chunk, long ones by themselves', () => {
  expect(chunkLength(files(100, longestMs / 10), MUCH)).toBe(10);
  expect(chunkLength(files(100, longestMs), MUCH)).toBe(1);
  expect(chunkLength(files(100, longestMs * 5), MUCH)).toBe(1);
  expect(chunkLength(files(1_000, 1), MUCH)).toBe(mostFiles);
});

test('what nobody has seen goes by itself, and ends a chunk', () => {
  expect(chunkLength([file(null), ...files(10, 5)], MUCH)).toBe(1);
  expect(chunkLength([...files(3, 5), file(null), ...files(10, 5)], MUCH)).toBe(3);
});

describe('files of which more is asked than to be run go by themselves', () => {
  test.each<Partial<PlannedFile>>([
    { serial: 'db' },
    { resources: { licence: 1 } },
    { slots: 2 },
    { memoryMb: 100 },
    { repeatable: false },
    { repeat: 2 },
    { part: { number: 1, of: 2, named: { kind: 'inline', value: [] } } },
  ])('%j', (more) => {
    expect(chunkLength([file(5, more), ...files(10, 5)], MUCH)).toBe(1);
    expect(chunkLength([file(5), file(5, more), ...files(10, 5)], MUCH)).toBe(1);
  });
});

test('towards the end chunks shrink, down to what a dispatch is worth', () => {
  const waitingMs = 1_200;
  expect(chunkLength(files(120, 10), { waitingMs, slots: 4, callMs: 0 })).toBe(waitingMs / (perSlot * 4) / 10);
  expect(chunkLength(files(10, 10), { waitingMs: 100, slots: 4, callMs: 0 })).toBe(leastMs / 10);
});

test('where a call is dear they stay longer: at the root of what calls and idle slots cost together', () => {
  const backlog = { waitingMs: 1_200, slots: 4 };
  expect(chunkLength(files(120, 10), { ...backlog, callMs: 100 })).toBe(Math.floor(Math.sqrt(2 * 100 * 300) / 10));
  expect(chunkLength(files(1_000, 25), { ...backlog, callMs: 60_000 })).toBe(longestMs / 25);
});

test('however long files are, a chunk of several is no longer than its share, and there is always one', () => {
  const estimate = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 5_000, noNaN: true }));
  fc.assert(
    fc.property(fc.array(estimate, { minLength: 1 }), fc.integer({ min: 0, max: 64 }), (estimates, slots) => {
      const all = estimates.map((ms) => file(ms));
      const waitingMs = estimates.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
      const length = chunkLength(all, { waitingMs, slots, callMs: 0 });
      expect(length).toBeGreaterThanOrEqual(1);
      expect(length).toBeLessThanOrEqual(Math.min(all.length, mostFiles));
      if (length === 1) return;
      const sum = estimates.slice(0, length).reduce<number>((total, ms) => total + (ms ?? Number.NaN), 0);
      expect(sum).toBeLessThanOrEqual(Math.max(leastMs, Math.min(longestMs, waitingMs / (perSlot * Math.max(1, slots)))));
    }),
  );
});

test('patience follows from what was expected, with time for a process to start', () => {
  expect(patienceMs(files(2, 1))).toBe(DEFAULTS.chunkPatience.leastMs);
  expect(patienceMs(files(2, 10_000))).toBe(20_000 * DEFAULTS.chunkPatience.factor);
});
