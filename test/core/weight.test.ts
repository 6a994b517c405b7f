import { expect, test } from 'vitest';
import { slotsFor } from '../../src/core/plan/weight.js';

test.each([
  [0, 0],
  [1, 1],
  [4_000, 1],
  [4_001, 2],
  [16_000, 4],
  [64_000, 4],
])('%i MB are %i of four slots in 16,000 MB', (neededMb, slots) => {
  expect(slotsFor(neededMb, { slots: 4, memoryMb: 16_000 })).toBe(slots);
});
