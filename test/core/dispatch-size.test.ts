import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import { factsOf } from '../../src/core/model/frameworks.js';
import type { PlannedFile } from '../../src/core/model/suite.js';
import { DispatchSizing, patienceMs } from '../../src/core/plan/dispatch-size.js';
import { anOutcome } from '../reporters/samples.js';

const { longestMs, leastMs, mostFiles, mostPrices, dispatchMs, error } = DEFAULTS.sharedDispatch;
const file = (estimateMs: number | null, more: Partial<PlannedFile> = {}): PlannedFile => {
  return { path: 'a', repeat: 1, estimateMs, ...more };
};
const files = (count: number, ms: number) => Array.from({ length: count }, () => file(ms));

/** Chunks of a suite of which a call costs so much. */
function chunkingOf(callMs: number): DispatchSizing {
  const chunking = new DispatchSizing({ name: 'mocha', warm: true }, null);
  chunking.learn(ended(100, { estimateMs: 100, callMs }));
  return chunking;
}

/** A file that passed. */
const ended = (durationMs: number, { estimateMs = null, callMs }: { estimateMs?: number | null; callMs?: number } = {}) => {
  const outcome = { ...anOutcome('passed'), durationMs, ...(callMs !== undefined && { callMs }) };
  return { estimateMs, attempts: [{ worker: 'w/1', startedAtMs: 0, outcome }] };
};

const chunkLength = (all: readonly PlannedFile[], { slots = 2, callMs = 0 } = {}) => chunkingOf(callMs).next(all, slots);

/** The lengths of all chunks that these files make. */
function chunksOf(all: readonly PlannedFile[], { slots, callMs }: { readonly slots: number; readonly callMs: number }): number[] {
  const chunking = chunkingOf(callMs);
  const lengths: number[] = [];
  for (let at = 0; at < all.length; at += lengths.at(-1) ?? 0) lengths.push(chunking.next(all.slice(at), slots));
  return lengths;
}

test('where each file has a process of its own there are no chunks', () => {
  expect(new DispatchSizing({ name: 'mocha' }, null).next(files(100, 1), 2)).toBe(1);
});

test('short files go together up to the longest chunk, long ones by themselves', () => {
  expect(chunkLength(files(100, longestMs / 10))).toBe(10);
  expect(chunkLength(files(100, longestMs))).toBe(1);
  expect(chunkLength(files(100, longestMs * 5))).toBe(1);
  expect(chunkLength(files(1_000, 1))).toBe(mostFiles);
});

test('what a call took in earlier runs counts from the first dispatch on', () => {
  const all = files(100, longestMs / 10);
  const first = (callMs: number | null) => new DispatchSizing({ name: 'pytest', warm: true }, callMs).next(all, 2);
  expect(first(factsOf('pytest').callMs)).toBe(first(null));
  expect(first(10 * factsOf('pytest').callMs)).toBeGreaterThan(first(null));
});

test('what nobody has seen goes by itself, and ends a chunk', () => {
  expect(chunkLength([file(null), ...files(10, 5)])).toBe(1);
  expect(chunkLength([...files(3, 5), file(null), ...files(10, 5)])).toBe(3);
});

test('files without an estimate are taken to be like the last ones, at most as many together as have ended', () => {
  const sizing = new DispatchSizing({ name: 'mocha', warm: true }, null);
  const unknown = Array.from({ length: 1_000 }, () => file(null));
  const next = () => sizing.next(unknown, 1);
  const learn = (count: number, durationMs: number) => {
    for (let n = 0; n < count; n += 1) sizing.learn(ended(durationMs));
  };
  expect(next()).toBe(1);
  learn(1, 400); // With the start of its process.
  expect(next()).toBe(1);
  learn(3, 20);
  expect(next()).toBe(4);
  learn(40, 20);
  expect(next()).toBe(44);
  learn(10, longestMs / 2);
  expect(next()).toBe(2);
  learn(10, longestMs * 2);
  expect(next()).toBe(1);
});

describe('files of which more is asked than to be run go by themselves', () => {
  test.each<Partial<PlannedFile>>([
    { serial: 'db' },
    { resources: { licence: 1 } },
    { slots: 2 },
    { memoryMb: 100 },
    { overlap: false },
    { repeat: 2 },
    { part: { number: 1, of: 2, named: { kind: 'inline', value: [] } } },
  ])('%j', (more) => {
    expect(chunkLength([file(5, more), ...files(10, 5)])).toBe(1);
    expect(chunkLength([file(5), file(5, more), ...files(10, 5)])).toBe(1);
  });
});

test('they are few and equal, and shrink in rounds towards the end', () => {
  const perSlotMs = (dispatchMs * 2 ** 2) / error; // Worth two chunks.
  expect(chunksOf(files(40, perSlotMs / 20), { slots: 2, callMs: 0 })).toEqual([10, 10, 10, 10]);
  const lengths = chunksOf(files(400, 40), { slots: 4, callMs: 0 });
  expect(new Set(lengths.slice(-4)).size).toBeLessThanOrEqual(2); // The last round: of one length, but for a file.
  expect(lengths.at(-1)).toBeLessThan((lengths[0] ?? 0) / 2);
});

test('nothing is left over behind the last round, however long files are', () => {
  const all = [1.1, 2.3, 0.7, 0.1, 0.2, 3.3].map((ms) => file(ms * 20));
  expect(chunksOf(all, { slots: 2, callMs: 100 })).toHaveLength(2);
});

test('where less than a dispatch is worth is left, one slot has it all', () => {
  expect(chunkLength(files(10, leastMs / 10), { slots: 4 })).toBe(10);
});

test('before a worker has been seen, not all of them are one chunk', () => {
  expect(chunkLength(files(10, 20), { slots: 0 })).toBe(5);
});

test('where a call is dear there are fewer, and longer ones: some times what a call costs', () => {
  expect(chunksOf(files(40, 50), { slots: 2, callMs: 100 })).toEqual([20, 20]);
  expect(chunkLength(files(1_000, 1_000), { slots: 1, callMs: 300 })).toBeLessThanOrEqual(
    ((300 + dispatchMs) * mostPrices) / 1_000,
  );
});

test('however long files are, a chunk of several is no longer than its share, and there is always one', () => {
  const estimate = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 5_000, noNaN: true }));
  fc.assert(
    fc.property(fc.array(estimate, { minLength: 1 }), fc.integer({ min: 0, max: 64 }), (estimates, slots) => {
      const all = estimates.map((ms) => file(ms));
      const waitingMs = estimates.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
      const length = chunkLength(all, { slots });
      expect(length).toBeGreaterThanOrEqual(1);
      expect(length).toBeLessThanOrEqual(Math.min(all.length, mostFiles));
      if (length === 1) return;
      const sum = estimates.slice(0, length).reduce<number>((total, ms) => total + (ms ?? Number.NaN), 0);
      const share = Math.min(longestMs, waitingMs / Math.max(1, slots));
      expect(sum).toBeLessThanOrEqual(Math.max(leastMs, share) * 1.000_001);
    }),
  );
});

test('patience follows from what was expected, with time for a process to start', () => {
  expect(patienceMs(files(2, 1), 'mocha')).toBe(DEFAULTS.dispatchPatience.leastMs);
  expect(patienceMs(files(2, 10_000), 'mocha')).toBe(20_000 * DEFAULTS.dispatchPatience.factor);
  expect(patienceMs(files(20, 10), 'go')).toBe(20 * (10 * DEFAULTS.dispatchPatience.factor + factsOf('go').unexpectedMs));
});
