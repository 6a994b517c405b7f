import { describe, expect, test } from 'vitest';
import { allocate, format } from './money.js';

describe('format', () => {
  test.each([
    [0, '€0.00'],
    [5, '€0.05'],
    [1_234, '€12.34'],
    [-70, '-€0.70'],
  ])('writes %i cents as %s', (cents, text) => {
    expect(format(cents)).toBe(text);
  });
});

describe('allocate', () => {
  test('loses no cent when an amount does not divide', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
  });

  test('gives the cents left over to the largest remainders', () => {
    expect(allocate(10, [2, 5, 8])).toEqual([1, 4, 5]);
  });

  test('refuses weights of nothing', () => {
    expect(() => allocate(100, [0, 0])).toThrow(RangeError);
  });
});
