import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateMs } from '../../src/core/durations.js';

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
