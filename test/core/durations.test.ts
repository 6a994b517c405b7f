import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effortMs, estimateOf, estimatesOf, type Sample } from '../../src/core/history/durations.js';

const sample = (durationMs: number, machine: string | null = null): Sample => ({
  wallMs: durationMs,
  effortMs: durationMs,
  machine,
});
const estimateMs = (samples: readonly number[]) => estimateOf(samples.map((ms) => sample(ms)))?.ms ?? null;

test.each<[string, number[], number | null]>([
  ['nothing is known of a file that never passed', [], null],
  ['one attempt is all there is to go by', [700], 700],
  ['of two, the newer one is believed', [900, 300], 900],
  ['one slow attempt changes nothing', [60_000, 1_000, 1_010, 990, 1_020], 1_010],
  ['nor does one that was too quick', [1, 1_000, 1_010, 990, 1_020], 1_000],
  ['nor one in the middle of three', [1_000, 60_000, 1_010], 1_010],
  ['two slow ones of ten may still be chance', [5_000, 5_000, 100, 100, 100, 100, 100, 100, 100, 100], 100],
  ['three are a file that became slower', [5_000, 5_000, 5_000, 100, 100, 100, 100, 100, 100, 100], 5_000],
  ['or faster', [100, 100, 100, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000], 100],
  ['zero is a duration', [0, 0], 0],
])('%s', (_, samples, expected) => {
  expect(estimateMs(samples)).toBe(expected);
});

const durations = fc.integer({ min: 0, max: 3_600_000 });

test('an estimate is one of the samples', () => {
  fc.assert(
    fc.property(fc.array(durations, { minLength: 1, maxLength: 30 }), (samples) => samples.includes(estimateMs(samples) ?? -1)),
  );
});

test('one outlier among three or more stays within what the others say', () => {
  const others = fc.array(durations, { minLength: 2, maxLength: 9 });
  fc.assert(
    fc.property(others, fc.nat(9), durations, (usual, at, outlier) => {
      const estimate = estimateMs(usual.toSpliced(at, 0, outlier));
      expect(estimate).toBeGreaterThanOrEqual(Math.min(...usual));
      expect(estimate).toBeLessThanOrEqual(Math.max(...usual));
    }),
  );
});

test('the spread is what the samples usually differ by, and one outlier does not widen it', () => {
  const spread = (samples: readonly number[]) => estimateOf(samples.map((ms) => sample(ms)))?.spreadMs;
  expect(spread([1_000, 1_000, 1_000])).toBe(0);
  expect(spread([60_000, 1_000, 1_010, 990, 1_020])).toBeLessThanOrEqual(20);
  expect(spread([2_000, 3_000, 1_000, 3_000, 1_000, 3_000, 1_000])).toBe(1_000);
});

const load = (cpuMs: number | null, busySlots: number, idleShare: number) => ({
  cpuMs,
  busySlots,
  cores: 2,
  idleShare,
  machine: 'm',
});

test.each<[string, number, ReturnType<typeof load> | undefined, number]>([
  ['where nothing is known the wall clock counts', 4_000, undefined, 4_000],
  ['nor where the processor time is not', 4_000, load(null, 4, 0), 4_000],
  ['alone it takes what it takes', 2_000, load(2_000, 1, 0.5), 2_000],
  ['four that compute on two cores are stretched to twice', 4_000, load(2_000, 4, 0), 2_000],
  ['also beside a server that takes a part of them', 4_900, load(2_400, 3.3, 0), 2_400],
  ['what only waits is not stretched', 4_000, load(0, 4, 0), 4_000],
  ['nor anything on a machine with idle cores', 4_000, load(2_000, 4, 0.4), 4_000],
  ['it never takes less than its processor time', 3_000, load(2_900, 8, 0), 2_900],
  ['threads side by side are no more than the wall clock', 2_000, load(3_800, 1, 0), 2_000],
])('effort: %s', (_, wallMs, of, expected) => {
  expect(effortMs(wallMs, of)).toBe(expected);
});

test('what a slower class of machines took is told in the time of the one used last', () => {
  const files = ['a', 'b', 'c', 'd', 'e', 'f'];
  const samples = new Map(files.map((file) => [file, [sample(1_000, 'fast'), sample(2_000, 'slow')]]));
  samples.set('only-slow', [sample(4_000, 'slow')]);
  const expected = estimatesOf(samples);
  expect(expected.get('only-slow')?.ms).toBe(2_000);
  expect(expected.get('a')?.ms).toBe(1_000);
});

test('two classes that share too few files are not compared', () => {
  const samples = new Map([
    ['a', [sample(1_000, 'fast'), sample(9_000, 'slow')]],
    ['b', [sample(1_000, 'fast')]],
    ['only-slow', [sample(4_000, 'slow')]],
  ]);
  expect(estimatesOf(samples).get('only-slow')?.ms).toBe(4_000);
});
